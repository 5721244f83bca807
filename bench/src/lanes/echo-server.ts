import type { AddressInfo, Server } from 'node:net';
import type { LaneServer, LaneSettings } from './lane.ts';

/** As long as our servers', so that thousands may connect at once. */
export const listenBacklog = 4_096;

/** The fairness ledger's entries of every echo over a bare socket, whatever it writes. */
export const bareSocketSettings = {
  noDelay: 'TCP_NODELAY on both sides',
  deadlines: '-',
  keepalive: 'none',
  windows: 'those of TCP alone',
  identity: '-',
  store: '-',
  logging: 'none',
  otherOptions: `listen backlog ${listenBacklog}; a promise for each operation`,
} as const satisfies Partial<LaneSettings>;

/**
 * Listens on a free port of the loopback.
 *
 * @param held what keeps the server from closing: its connections, of whatever kind
 */
export async function listen(
  server: Server,
  held: ReadonlySet<{ destroy(): void }>,
): Promise<LaneServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: listenBacklog }, resolve);
  });
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
