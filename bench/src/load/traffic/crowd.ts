import { randomBytes } from 'node:crypto';
import { ChatError, type Place } from '@tandem/core';
import type { LoadReport } from '../record/report.ts';
import { type AccountEnd, type ConnectListener, LoadConnection } from './connection.ts';
import type { LoadTarget } from './transport.ts';

/** The number of connections that open, or accounts that are deleted, at once: below a listening socket's backlog. */
const atOnce = 64;

/** All connections of a load, with accounts whose names have one random prefix. */
export class Crowd {
  readonly prefix: string;
  readonly connections: readonly LoadConnection[];
  readonly #ends = new Map<LoadConnection, AccountEnd>();

  constructor(count: number, target: LoadTarget, listener: ConnectListener) {
    this.prefix = `load${randomBytes(5).toString('hex')}n`;
    this.connections = Array.from(
      { length: count },
      (_, index) => new LoadConnection(`${this.prefix}${index}`, target, listener),
    );
  }

  /** The server's address; undefined before a connection was open. */
  get place(): Place | undefined {
    return this.connections[0]?.place;
  }

  /** The number of accounts that were made. */
  get registered(): number {
    return this.connections.filter((each) => each.registered).length;
  }

  /** The number of accounts that are deleted. */
  get deleted(): number {
    return [...this.#ends.values()].filter((end) => end !== 'none').length;
  }

  /** Opens all connections. Rejects with the error of the first that cannot be opened. */
  async open(signal: AbortSignal): Promise<void> {
    await inTurns(this.connections, (connection) => connection.open(signal));
  }

  /**
   * Deletes the accounts and disconnects. Never rejects, but reports the accounts that remain.
   *
   * @param patienceMs the longest time without a deletion, after which the rest remains
   */
  async leave(patienceMs: number): Promise<LoadReport['accounts']> {
    let reason: string | null = null;
    let gaveUp = false;
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      gaveUp = true;
      reason ??= `the server has deleted none for ${patienceMs / 1_000} s`;
      patience.resolve();
    }, patienceMs);
    const remove = async (connection: LoadConnection) => {
      if (gaveUp) return;
      try {
        this.#ends.set(connection, await connection.deleteAccount());
        timer.refresh();
      } catch (error) {
        reason ??= error instanceof Error ? error.message : String(error);
        // The other connections will not find it either.
        gaveUp ||= isUnreachable(error);
      }
    };
    await Promise.race([inTurns(this.connections, remove), patience.promise]);
    clearTimeout(timer);
    await Promise.all(this.connections.map((connection) => connection.close()));
    const { registered, deleted } = this;
    const leftBehind = registered - deleted;
    return {
      prefix: this.prefix,
      registered,
      deleted,
      leftBehind,
      reason: leftBehind > 0 ? reason : null,
    };
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ChatError && /^connect-|^version-/.test(error.code);
}

/** Does the work for each item, so many at once; rejects with the first error, and begins no more then. */
async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  let failed = false;
  const take = async () => {
    for (const item of left) {
      if (failed) return;
      await work(item);
    }
  };
  const taken = Array.from({ length: Math.min(atOnce, items.length) }, take);
  await Promise.all(taken).catch((error: unknown) => {
    failed = true;
    throw error;
  });
}
