import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ReceiveBuffer } from '@tandem/core';
import { JoinedWrites } from '../echo/joined-writes.ts';
import { PendingOperations } from '../echo/pending-operations.ts';
import type { Target } from '../lane.ts';

// As our client has it.
const readBytesMax = 16 * 1024;

/** A connection to a broker, with the optimizations of our own client and no others. */
export abstract class BrokerSocket<Expected> {
  /** Resolves with the reason when the connection is over. */
  readonly ended: Promise<Error>;
  protected readonly buffer = new ReceiveBuffer();
  protected readonly pending = new PendingOperations<Expected>();
  readonly #socket: Socket;
  readonly #writes: JoinedWrites;
  #error: Error | undefined;

  protected constructor({ host, port }: Target) {
    const onread = {
      buffer: Buffer.allocUnsafeSlow(readBytesMax),
      callback: (length: number, bytes: Uint8Array) => {
        this.#read(bytes as Buffer, length);
        return true;
      },
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#writes = new JoinedWrites(this.#socket);
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
    this.ended = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#error ??= new Error('the broker has ended the connection');
        this.pending.fail(this.#error);
        resolve(this.#error);
      });
    });
  }

  /** Reads one message off the buffer; false when it is not complete. */
  protected abstract next(): boolean;

  protected async connected(): Promise<void> {
    await once(this.#socket, 'connect');
  }

  /** Writes at the end of this turn of the event loop, with all else of it. Does nothing once over. */
  protected write(bytes: Buffer): void {
    if (this.#error === undefined) this.#writes.push(bytes);
  }

  /** Ends the connection, with the reason. */
  protected broken(why: string): void {
    this.#error ??= new Error(why);
    this.#socket.destroy();
  }

  async close(): Promise<void> {
    this.broken('this client was closed');
    await this.ended;
  }

  #read(bytes: Buffer, length: number): void {
    this.buffer.push(bytes, 0, length);
    while (this.next());
    this.buffer.keep();
  }
}
