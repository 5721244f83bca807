import type { Page } from '@tandem/chat';
import type { Message } from '@tandem/core';
import type { SocketWire, WireOutput, WireOwner } from '../src/socket-wire.ts';

/** A wire of a dialect, and what it did. */
export interface RecordedWire<W extends SocketWire> {
  readonly wire: W;
  /** The writes, one character a byte. */
  readonly writes: string[];
  /** The number of chat messages of each write. */
  readonly messages: number[];
  /** Each count that it acknowledged for its client. */
  readonly taken: number[];
}

/** Makes a wire whose bytes are recorded, and go nowhere. */
export function recordedWire<W extends SocketWire>(
  Wire: new (owner: WireOwner, output: WireOutput) => W,
): RecordedWire<W> {
  const writes: string[] = [];
  const messages: number[] = [];
  const taken: number[] = [];
  const output: WireOutput = {
    blocked: false,
    write(bytes, count = 0) {
      writes.push(Buffer.from(bytes).toString('latin1'));
      messages.push(count);
    },
    drained: () => Promise.resolve(),
  };
  const owner: WireOwner = {
    read() {},
    taken: (count) => void taken.push(count),
    finish() {},
    mailboxFailed() {},
    destroy() {},
  };
  return { wire: new Wire(owner, output), writes, messages, taken };
}

/** A page of messages, all from bob. */
export function messagePage(bodies: readonly string[], place = 'only'): Page<readonly Message[]> {
  return pageOf(
    bodies.map((body) => ({ sender: 'bob', body })),
    place,
  );
}

/** The first, the last or the only page of a list, or one between. */
export function pageOf<Items>(items: Items, place = 'only'): Page<Items> {
  return {
    items,
    first: place === 'first' || place === 'only',
    last: place === 'last' || place === 'only',
  };
}
