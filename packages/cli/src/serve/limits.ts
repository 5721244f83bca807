import type { ServeOptions } from '../serve-command.ts';

/** What bounds the connections of either transport, as its server is told. */
export function connectionLimits(options: ServeOptions) {
  return {
    connectionsMax: options.connectionsMax,
    connectionsPerAddressMax: options.connectionsPerAddressMax ?? Number.POSITIVE_INFINITY,
    idleBeforeLoginMs: options.idleBeforeLogin * 1000,
    drainTimeoutMs: options.drainTimeout * 1000,
    keepAliveMs: options.keepAlive * 1000,
    stopGraceMs: options.stopGrace * 1000,
  };
}

/** What bounds the calls of gRPC, as its server is told. */
export function callLimits(options: ServeOptions) {
  return {
    streamsPerConnectionMax: options.grpcCallsMax,
    messageTimeoutMs: options.grpcMessageTimeout * 1000,
  };
}
