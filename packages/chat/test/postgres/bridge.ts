import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TestCluster } from './cluster.ts';

/** A TCP way to a cluster, which can fall silent as a network does: nothing comes, and nothing ends. */
export class Bridge {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #silent: 'nothing' | 'responses' | 'all' = 'nothing';

  private constructor(cluster: TestCluster) {
    this.#server = createServer((client) => {
      if (this.#silent !== 'nothing') {
        client.destroy();
        return;
      }
      const database = connect(cluster.socket);
      client.on('data', (chunk) => this.#silent !== 'all' && database.write(chunk));
      database.on('data', (chunk) => this.#silent === 'nothing' && client.write(chunk));
      for (const [socket, other] of [
        [client, database],
        [database, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          // What is silent does not tell of an end, either.
          if (this.#silent === 'nothing') other.destroy();
        });
      }
    });
  }

  /** Opens a bridge, which is gone after the test. */
  static async open(cluster: TestCluster): Promise<Bridge> {
    const bridge = new Bridge(cluster);
    bridge.#server.listen(0, '127.0.0.1');
    await once(bridge.#server, 'listening');
    onTestFinished(() => bridge.#close());
    return bridge;
  }

  /** Returns the URL that leads over the bridge to the database of another URL. */
  urlOf(url: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `postgres://tandem@127.0.0.1:${port}${new URL(url).pathname}`;
  }

  /** Loses whatever is sent from now on, or the responses alone, and takes no new connections. */
  silence(what: 'responses' | 'all'): void {
    this.#silent = what;
  }

  /** Takes connections again; those before stay lost. */
  heal(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#silent = 'nothing';
  }

  #close(): void {
    this.heal();
    this.#server.close();
  }
}
