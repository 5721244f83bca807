import { FramedResponseDecoder } from '@tandem/core';
import type { RawClient } from './raw-client.ts';

/** One response or push, as `status` and what it carries. */
export interface Heard {
  readonly status: number;
  readonly content: string;
}

/** Hears the framed responses of a client that has exchanged versions; its bytes belong to this. */
export class FrameReader {
  readonly #client: RawClient;
  readonly #decoder = new FramedResponseDecoder();

  constructor(client: RawClient) {
    this.#client = client;
  }

  async next(): Promise<Heard> {
    for (;;) {
      const frame = this.#decoder.next();
      if (frame === undefined)
        this.#decoder.push(Buffer.from(await this.#client.hearSome(), 'latin1'));
      else if (frame.kind === 'unknown-status') throw new Error(`${frame.byte} is no status`);
      else return { status: frame.status, content: frame.content };
    }
  }

  /** The frames up to the first that has one of these statuses, that one included. */
  async nextThrough(...statuses: readonly number[]): Promise<Heard[]> {
    const frames: Heard[] = [];
    for (;;) {
      const frame = await this.next();
      frames.push(frame);
      if (statuses.includes(frame.status)) return frames;
    }
  }
}
