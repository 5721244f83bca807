import type { Socket } from 'node:net';
import type { Direction } from './faults.ts';
import { Passage, type PassageOptions } from './passage.ts';

type Shared = Pick<PassageOptions, 'bufferedBytesMax' | 'onPassed'>;

/** The options of a proxied connection. */
export interface ProxiedConnectionOptions extends Shared {
  readonly client: Socket;
  readonly server: Socket;
  /** True for a Unix socket, which knows no reset and is closed in place of one. */
  readonly isServerUnix: boolean;
  readonly faults: (direction: Direction) => ReturnType<PassageOptions['faults']>;
  readonly onArrived: (direction: Direction, bytes: Buffer, atMs: number) => void;
}

/**
 * A client's connection to the proxy, joined with the proxy's connection to the server.
 *
 * Each direction ends by itself (half-open connections stay half-open). A side that fails, or that
 * cannot be reached, resets the other at once, even if bytes are still held for it.
 */
export class ProxiedConnection {
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<unknown>;
  readonly #sockets: readonly [Socket, Socket];
  readonly #resets: readonly (() => void)[];
  readonly #passages: Readonly<Record<Direction, Passage>>;

  constructor(options: ProxiedConnectionOptions) {
    const { client, server, isServerUnix } = options;
    this.#sockets = [client, server];
    const resetClient = () => reset(client);
    const resetServer = () => (isServerUnix ? server.destroy() : reset(server));
    this.#resets = [resetClient, resetServer];
    this.closed = Promise.all([watch(client, resetServer), watch(server, resetClient)]);
    const passage = (direction: Direction, from: Socket, to: Socket) =>
      new Passage({
        ...options,
        from,
        to,
        faults: () => options.faults(direction),
        onArrived: (bytes, atMs) => options.onArrived(direction, bytes, atMs),
      });
    this.#passages = {
      toServer: passage('toServer', client, server),
      toClient: passage('toClient', server, client),
    };
  }

  /** The ports of its ends: the client's, and the proxy's own towards the server. */
  get ports(): { readonly client: number; readonly server: number } | undefined {
    const [{ remotePort: client }, { localPort: server }] = this.#sockets;
    return client === undefined || server === undefined ? undefined : { client, server };
  }

  /** Applies the faults as they are now, to bytes that it holds as well. */
  faultsChanged(): void {
    this.#passages.toServer.faultsChanged();
    this.#passages.toClient.faultsChanged();
  }

  /** Ends one direction behind the bytes that have come; the other goes on. */
  halfClose(direction: Direction): void {
    this.#passages[direction].end();
  }

  /** Resets both of its sockets. */
  reset(): void {
    for (const resetOne of this.#resets) resetOne();
  }

  /** Closes both of its sockets at once. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Resets a socket; if it is sending its end, after that. */
function reset(socket: Socket): void {
  // libuv refuses to reset a socket that it is shutting down, and Node.js then never closes it.
  const shuttingDown =
    socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (shuttingDown) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

/** Resets the other side when this one fails. Resolves when the socket is closed. */
function watch(socket: Socket, resetOther: () => void): Promise<void> {
  socket.on('error', resetOther);
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
  });
}
