import type { Socket } from 'node:net';

/** Writes to a socket. What is written in one turn of the event loop leaves in one write at its end. */
export class JoinedWrites {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes);
    if (this.#pieces.length === 1) process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#socket.write(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  };
}
