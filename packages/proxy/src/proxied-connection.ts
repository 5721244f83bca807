import type { Socket } from 'node:net';
import type { Direction } from './faults.ts';
import { Passage, type PassageOptions } from './passage.ts';

type Shared = Pick<PassageOptions, 'bufferedBytesMax' | 'onPassed'>;

/** The options of a proxied connection. */
export interface ProxiedConnectionOptions extends Shared {
  readonly client: Socket;
  readonly server: Socket;
  readonly faults: (direction: Direction) => ReturnType<PassageOptions['faults']>;
  readonly onArrived: (direction: Direction, bytes: Buffer, atMs: number) => void;
}

/**
 * A client's connection to the proxy and the proxy's to the server, joined.
 *
 * Each direction ends by itself (half-open connections stay half-open). A side that breaks, or that
 * cannot be reached, resets the other at once, whatever is still held for it.
 */
export class ProxiedConnection {
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<unknown>;
  readonly #sockets: readonly [Socket, Socket];
  readonly #passages: Readonly<Record<Direction, Passage>>;

  constructor(options: ProxiedConnectionOptions) {
    const { client, server } = options;
    this.#sockets = [client, server];
    this.closed = Promise.all([watch(client, server), watch(server, client)]);
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

  /** The ports of its ends: the client's, and the one from which the server is spoken to. */
  get ports(): { readonly client: number; readonly server: number } | undefined {
    const [{ remotePort: client }, { localPort: server }] = this.#sockets;
    return client === undefined || server === undefined ? undefined : { client, server };
  }

  faultsChanged(): void {
    this.#passages.toServer.faultsChanged();
    this.#passages.toClient.faultsChanged();
  }

  halfClose(direction: Direction): void {
    this.#passages[direction].end();
  }

  reset(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Resets a socket; one that is sending its end, behind that. */
function reset(socket: Socket): void {
  // libuv refuses to reset what it is shutting down, and Node.js then never closes the socket.
  const shuttingDown =
    socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (shuttingDown) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

/** Resets the other side when this one breaks. Resolves when the socket is closed. */
function watch(socket: Socket, other: Socket): Promise<void> {
  socket.on('error', () => reset(other));
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
  });
}
