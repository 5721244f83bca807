import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** The target of a raw connection, and the loopback address that it comes from. */
export interface RawConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** Any of 127.0.0.0/8; the server sees it as the client's address. */
  readonly localAddress: string;
}

const writesPerTurn = 16;

/** A TCP connection of an attacker. It reads nothing by default, and never throws. */
export class RawConnection {
  /** Resolves when it is gone. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #writes = 0;
  #roomInTheSocket: PromiseWithResolvers<void> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    const goOn = () => {
      this.#roomInTheSocket?.resolve();
      this.#roomInTheSocket = undefined;
    };
    socket.on('drain', goOn);
    socket.on('close', goOn);
  }

  /** Resolves when it is connected; with undefined when it cannot be. */
  static async open(options: RawConnectionOptions): Promise<RawConnection | undefined> {
    const socket = connect({ ...options, noDelay: true, allowHalfOpen: true });
    const connection = new RawConnection(socket);
    const connected = new Promise<true>((resolve) => socket.once('connect', () => resolve(true)));
    return (await Promise.race([connected, connection.closed])) === true ? connection : undefined;
  }

  /** True while something can be written. */
  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /**
   * Writes, and resolves when the socket takes more, or is gone, so an attacker's memory is bounded too. A caller
   * that writes without end waits for it, so its process can read and stop in between.
   */
  async write(bytes: Buffer): Promise<void> {
    if (this.isOpen && !this.#socket.write(bytes)) {
      this.#roomInTheSocket ??= Promise.withResolvers();
    }
    const room = this.#roomInTheSocket?.promise;
    // After it was written: what is read meanwhile, such as a limit, may forbid it.
    if (++this.#writes % writesPerTurn === 0) await turn();
    await room;
  }

  /** Reads from now on. Ends its side when the other has ended. */
  read(listener: (bytes: Buffer) => void): void {
    this.#socket.on('data', listener);
    this.#socket.on('end', () => this.#socket.end());
  }

  /** Ends its side, in order. */
  end(): void {
    this.#socket.end();
  }

  /** Ends both sides at once with a reset. */
  reset(): void {
    if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
  }
}
