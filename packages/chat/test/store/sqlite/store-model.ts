import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { SqliteStore } from '../../../src/index.ts';
import { turn } from '../../stage.ts';
import { type PlannedState, read } from './crash-plan.ts';
import { databaseFile, newDataDirectory, openDatabase } from './data-directory.ts';

export type StoreCommand =
  | { readonly do: 'add' | 'drop' | 'send'; readonly who: number }
  | { readonly do: 'remove' | 'read'; readonly who: number; readonly share: number }
  | { readonly do: 'flush' | 'turn' | 'sync' | 'break' | 'mend' | 'kill' | 'cut' };

interface Write {
  readonly username: string;
  state: 'pending' | 'resolved' | 'rejected';
}

interface AccountWrite extends Write {
  readonly kind: 'add' | 'drop';
}

interface MessageWrite extends Write {
  readonly kind: 'send';
  readonly id: number;
  /** True when a removal has said that it is gone for good. */
  gone: boolean;
}

interface RemovalWrite extends Write {
  readonly kind: 'remove';
  readonly throughId: number;
}

/**
 * The files after a power cut: as they were when the last sync that has ended began. The mark may
 * be any that was written since; each kill and each cut looks at the first and at the last.
 */
interface Image {
  readonly database: Buffer;
  readonly log: Buffer;
  readonly mark: Buffer;
}

const names = ['ann', 'bob', 'cid'];
const sender = 'bob';

/**
 * Plays commands to a sqlite store whose syncs end, and whose writes fail, when the commands say so;
 * and holds what the store shows, and what a kill or a power cut would leave of it, against what the
 * store was told and has said.
 */
export class StoreModel {
  readonly #directory = newDataDirectory();
  #opened: SqliteStore | undefined;
  #other: DatabaseSync | undefined;
  readonly #writes: (AccountWrite | MessageWrite | RemovalWrite)[] = [];
  #endSync: (() => void) | undefined;
  #holdsSyncs = true;
  #durable: Image = { database: Buffer.alloc(0), log: Buffer.alloc(0), mark: Buffer.alloc(0) };
  #broken = false;
  #lastId = 0;

  async open(): Promise<void> {
    this.#opened = await SqliteStore.open({
      directory: this.#directory,
      busyTimeoutMs: 0,
      syncLog: () => this.#sync(),
    });
    this.#other = openDatabase(this.#directory);
    this.#durable = this.#image();
    expect([...(await this.#store.load()).accounts]).toEqual([]);
  }

  get #store(): SqliteStore {
    if (this.#opened === undefined) throw new Error('not open');
    return this.#opened;
  }

  async play(command: StoreCommand): Promise<void> {
    switch (command.do) {
      case 'add':
      case 'drop':
        this.#changeAccount(command.do, nameOf(command.who));
        break;
      case 'send':
        this.#send(nameOf(command.who));
        break;
      case 'remove':
        this.#remove(nameOf(command.who), command.share);
        break;
      case 'read':
        await this.#read(nameOf(command.who), command.share);
        break;
      case 'flush':
        this.#store.flush();
        break;
      case 'turn':
        await turn();
        break;
      case 'sync':
        this.#endSync?.();
        break;
      case 'break':
        this.#break();
        break;
      case 'mend':
        this.#mend();
        break;
      case 'kill':
        return this.#expectToSurvive(this.#image());
      case 'cut':
        await this.#expectToSurvive({ ...this.#durable, mark: this.#image().mark });
        return this.#expectToSurvive(this.#durable);
    }
    await told();
    expect(this.#store.bytesFrom(sender)).toBeGreaterThanOrEqual(bytesOf(this.#shown()));
  }

  /** Ends well: what there is after a restart is what there was. */
  async finish(): Promise<void> {
    this.#mend();
    this.#holdsSyncs = false;
    this.#endSync?.();
    this.#store.flush();
    await this.#store.close();
    await told();
    expect(this.#writes.every(({ state }) => state !== 'pending')).toBe(true);
    expect(this.#store.bytesFrom(sender)).toBe(bytesOf(this.#shown()));
    await this.#expectToSurvive(this.#durable);
    expect(await stateOf(this.#directory)).toEqual(this.#shown());
  }

  #changeAccount(kind: 'add' | 'drop', username: string): void {
    // Whoever asks keeps the rules.
    if (this.#shown().has(username) === (kind === 'add')) return;
    const write: AccountWrite = { kind, username, state: 'pending' };
    const store = this.#store;
    this.#note(write, kind === 'add' ? store.addAccount(username) : store.removeAccount(username));
  }

  #send(username: string): void {
    if (!this.#shown().has(username)) return;
    const id = ++this.#lastId;
    const write: MessageWrite = { kind: 'send', username, id, gone: false, state: 'pending' };
    this.#note(write, this.#store.addMessage(username, { id, sender, body: `${id}` }));
  }

  #remove(username: string, share: number): void {
    const ids = this.#shown().get(username) ?? [];
    const covered = ids.slice(0, Math.ceil(ids.length * share));
    const throughId = covered.at(-1) ?? this.#lastId;
    const { gone, durable } = this.#store.removeMessages(username, throughId);
    expect(gone).toBeLessThanOrEqual(covered.length);
    // Those that were not written yet are the last of them.
    const goneIds = covered.slice(covered.length - gone);
    for (const write of this.#writes) {
      if (write.kind === 'send' && goneIds.includes(write.id)) write.gone = true;
    }
    if (durable === undefined) {
      // What is left is nothing, or a removal before this one has it.
      expect(this.#shownAfter(username, throughId)).toEqual(ids.slice(covered.length));
      return;
    }
    this.#note({ kind: 'remove', username, throughId, state: 'pending' }, durable);
  }

  /** Returns the mailbox behind an id, as the model has it. */
  #shownAfter(username: string, throughId: number): number[] {
    return (this.#shown().get(username) ?? []).filter((id) => id > throughId);
  }

  async #read(username: string, share: number): Promise<void> {
    const ids = this.#shown().get(username) ?? [];
    const afterId = ids[Math.floor(ids.length * share) - 1] ?? 0;
    const messagesMax = 1 + Math.floor(share * 4);
    const expected = ids.filter((id) => id > afterId).slice(0, messagesMax);
    const messages = await this.#store.readMessages(username, afterId, messagesMax);
    expect(messages.map(({ id }) => id)).toEqual(expected);
  }

  #note(write: AccountWrite | MessageWrite | RemovalWrite, written: Promise<unknown>): void {
    this.#writes.push(write);
    written.then(
      () => {
        write.state = 'resolved';
      },
      () => {
        write.state = 'rejected';
      },
    );
  }

  /** Returns the state that the store has to show: all writes that have not failed. */
  #shown(): PlannedState {
    const state: PlannedState = new Map();
    for (const write of this.#writes) {
      if (write.state === 'rejected') continue;
      const ids = state.get(write.username) ?? [];
      if (write.kind === 'add') state.set(write.username, []);
      else if (write.kind === 'drop') state.delete(write.username);
      else if (write.kind === 'send' && !write.gone) ids.push(write.id);
      else if (write.kind === 'remove' && state.has(write.username)) {
        const left = ids.filter((id) => id > write.throughId);
        state.set(write.username, left);
      }
    }
    return state;
  }

  /** Expects of what a death leaves that it has what was said to be durable, and nothing that failed. */
  async #expectToSurvive({ database, log, mark }: Image): Promise<void> {
    const directory = newDataDirectory();
    mkdirSync(directory);
    writeFileSync(databaseFile(directory), database);
    writeFileSync(`${databaseFile(directory)}-wal`, log);
    writeFileSync(`${databaseFile(directory)}-mark`, mark);
    const state = await stateOf(directory);
    rmSync(directory, { recursive: true });
    for (const username of names) this.#expectAccount(username, state.has(username));
    for (const write of this.#writes) {
      if (write.kind !== 'send') continue;
      const there = state.get(write.username)?.includes(write.id) === true;
      expect({ ...write, there }).toEqual({ ...write, there: this.#mayBe(write, there) });
    }
  }

  #expectAccount(username: string, there: boolean): void {
    const changes = this.#writes.filter(
      (write): write is AccountWrite =>
        (write.kind === 'add' || write.kind === 'drop') &&
        write.username === username &&
        write.state !== 'rejected',
    );
    // Those behind the last durable one may have come so far, or not.
    const last = changes.findLastIndex(({ state }) => state === 'resolved');
    const may = changes.slice(Math.max(0, last)).map(({ kind }) => kind === 'add');
    if (last === -1) may.push(false);
    expect(may).toContain(there);
  }

  /** Tells whether the message may be there, or not; `there` when both. */
  #mayBe(message: MessageWrite, there: boolean): boolean {
    if (message.state === 'rejected' || message.gone) return false;
    const ends = this.#writes
      .slice(this.#writes.indexOf(message))
      .filter(
        (write) =>
          write.username === message.username &&
          write.state !== 'rejected' &&
          (write.kind === 'drop' || (write.kind === 'remove' && write.throughId >= message.id)),
      );
    if (ends.some(({ state }) => state === 'resolved')) return false;
    return message.state === 'resolved' && ends.length === 0 ? true : there;
  }

  #sync(): Promise<void> {
    const image = this.#image();
    return new Promise((resolve) => {
      this.#endSync = () => {
        this.#endSync = undefined;
        this.#durable = image;
        resolve();
      };
      if (!this.#holdsSyncs) this.#endSync();
    });
  }

  #image(): Image {
    const path = databaseFile(this.#directory);
    const [database, log, mark] = ['', '-wal', '-mark'].map((suffix) =>
      readFileSync(path + suffix),
    );
    if (!database || !log || !mark) throw new Error('no files');
    return { database, log, mark };
  }

  /** Makes all writes fail from now on: another program holds the database. */
  #break(): void {
    if (!this.#broken) this.#other?.exec('BEGIN IMMEDIATE');
    this.#broken = true;
  }

  #mend(): void {
    if (this.#broken) this.#other?.exec('ROLLBACK');
    this.#broken = false;
  }
}

function nameOf(who: number): string {
  return names[who % names.length] as string;
}

/** Returns the bytes of all messages, each of which has its id as its body. */
function bytesOf(state: PlannedState): number {
  const ids = [...state.values()].flat();
  return ids.reduce((sum, id) => sum + sender.length + `${id}`.length, 0);
}

async function stateOf(directory: string): Promise<PlannedState> {
  const store = await SqliteStore.open({ directory });
  try {
    const state = await read(store);
    expect(store.bytesFrom(sender)).toBe(bytesOf(state));
    return state;
  } finally {
    await store.close();
  }
}

/** Lets everybody be told what has come of their writes, and no other turn begin. */
async function told(): Promise<void> {
  for (let i = 0; i < 5; i++) await undefined;
}
