import type { ConnectionRoom } from '../options/descriptors.ts';
import { callLimits, connectionLimits, knowsConnections } from '../options/limits.ts';
import type { ServeOptions } from '../options/serve-options.ts';
import type { Served } from './announcement.ts';
import type { StartServer } from './running-server.ts';

/** A transport that was asked for, loaded, and how to start its server. */
export interface Transport {
  readonly transport: Served['transport'];
  readonly start: StartServer;
}

/** Returns the transports that the options ask for. */
export function transportsOf({
  transport,
}: Pick<ServeOptions, 'transport'>): readonly Served['transport'][] {
  return transport === 'all' ? (Object.keys(load) as Served['transport'][]) : [transport];
}

/** Loads each transport that was asked for, and no other. */
export function loadTransports(options: ServeOptions & ConnectionRoom): Promise<Transport[]> {
  return Promise.all(
    transportsOf(options).map(async (transport) => ({
      transport,
      start: await load[transport](options),
    })),
  );
}

const load: Record<
  Served['transport'],
  (options: ServeOptions & ConnectionRoom) => Promise<StartServer>
> = {
  async socket(options) {
    const { startSocketServer } = await import('@tandem/socket-server');
    const limits = { ...connectionLimits(options), refusalsMax: options.refusalsMax };
    return (place) => startSocketServer({ ...place, limits });
  },
  async grpc(options) {
    const { startGrpcServer } = await import('@tandem/grpc-server');
    const limits = { ...connectionLimits(options), ...callLimits(options) };
    const discovery = {
      health: options.grpcHealth === 'on',
      reflection: options.grpcReflection === 'on',
    };
    const sessions = { sessionsByConnection: knowsConnections(options) };
    return (place) => startGrpcServer({ ...place, limits, discovery, ...sessions });
  },
};
