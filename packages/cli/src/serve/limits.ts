import type { ServeOptions } from './serve-command.ts';

/** Returns the limits of connections for the server of either transport. */
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

/** Returns the limits of calls for the gRPC server. */
export function callLimits(options: ServeOptions) {
  return {
    streamsPerConnectionMax: options.grpcCallsMax,
    messageTimeoutMs: options.grpcMessageTimeout * 1000,
  };
}
