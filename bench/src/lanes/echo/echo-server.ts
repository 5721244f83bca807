import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { LaneServer, LaneSettings } from '../lane.ts';

/** As long as our servers', so that thousands may connect at once. */
export const listenBacklog = 4_096;

/** The fairness ledger's entries of a lane with no users and no logger. */
export const serviceless = { identity: '-', store: '-', logging: 'none' } as const;

/** The fairness ledger's entries of every echo over a bare socket, whatever it writes. */
export const bareSocketSettings = {
  ...serviceless,
  noDelay: 'TCP_NODELAY on both sides',
  deadlines: '-',
  keepalive: 'none',
  windows: 'those of TCP alone',
  otherOptions: `listen backlog ${listenBacklog}; a promise for each operation`,
} as const satisfies Partial<LaneSettings>;

/** A connection that keeps a server from closing. */
interface Held {
  destroy(): void;
  on(event: 'close', listener: (this: Held) => void): unknown;
}

/**
 * Listens on a free port of the loopback.
 *
 * @param event the event that tells of each connection
 */
export async function listen(
  server: Server,
  event: 'connection' | 'secureConnection' | 'session' = 'connection',
): Promise<LaneServer> {
  const held = new Set<Held>();
  // All connections share it, so that none needs a closure of ours.
  function forget(this: Held): void {
    held.delete(this);
  }
  server.on(event, (connection: Held) => {
    held.add(connection);
    connection.on('close', forget);
  });
  await once(server.listen({ host: '127.0.0.1', port: 0, backlog: listenBacklog }), 'listening');
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      closed ??= new Promise((resolve) => server.close(() => resolve()));
      for (const connection of held) connection.destroy();
      return closed;
    },
  };
}
