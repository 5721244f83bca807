import type { Store, StoredMessage } from '../../../src/index.ts';
import { loadAccounts } from '../loaded-accounts.ts';

/** One write of a plan. */
export type PlannedWrite =
  | { readonly kind: 'addAccount' | 'removeAccount'; readonly username: string }
  | { readonly kind: 'addMessage'; readonly username: string; readonly message: StoredMessage }
  | { readonly kind: 'removeMessages'; readonly username: string; readonly throughId: number };

/** The content of a store: the ids in each account's mailbox. */
export type PlannedState = Map<string, number[]>;

// One of them gets most of the messages, so that there is now and then a removal of many.
const usernames = ['hub', 'ann', 'bob', 'cid', 'dan', 'eve', 'Hub', 'ANN'];

/** The writes that a seed stands for, without end: the same ones in whatever process they are made. */
export function* planWrites(seed: number): Generator<PlannedWrite, never> {
  const random = randomNumbers(seed);
  const state: PlannedState = new Map();
  for (let id = 1; ; ) {
    const username = random() < 0.5 ? 'hub' : (usernames[Math.floor(random() * 8)] as string);
    const mailbox = state.get(username);
    const chance = random();
    let write: PlannedWrite;
    if (mailbox === undefined) write = { kind: 'addAccount', username };
    else if (chance < 0.002) write = { kind: 'removeAccount', username };
    else if (mailbox.length > 0 && chance < (username === 'hub' ? 0.01 : 0.3)) {
      const throughId = mailbox[Math.floor(random() * mailbox.length)] as number;
      write = { kind: 'removeMessages', username, throughId };
    } else {
      const body = 'x'.repeat(1 + Math.floor(random() * 262));
      write = { kind: 'addMessage', username, message: { id: id++, sender: 'bob', body } };
    }
    play(state, write);
    yield write;
  }
}

/** Makes a planned write in a model. */
export function play(state: PlannedState, write: PlannedWrite): void {
  switch (write.kind) {
    case 'addAccount':
      state.set(write.username, []);
      break;
    case 'removeAccount':
      state.delete(write.username);
      break;
    case 'addMessage':
      state.get(write.username)?.push(write.message.id);
      break;
    case 'removeMessages': {
      const left = state.get(write.username)?.filter((id) => id > write.throughId) ?? [];
      state.set(write.username, left);
    }
  }
}

/** Makes a planned write in a store. */
export function make(store: Store, write: PlannedWrite): Promise<unknown> | undefined {
  switch (write.kind) {
    case 'addAccount':
      return store.addAccount(write.username);
    case 'removeAccount':
      return store.removeAccount(write.username);
    case 'addMessage':
      return store.addMessage(write.username, write.message);
    case 'removeMessages':
      return store.removeMessages(write.username, write.throughId).durable;
  }
}

/** Returns the content of a store. */
export async function read(store: Store): Promise<PlannedState> {
  const state: PlannedState = new Map();
  for (const { username, unread } of await loadAccounts(store)) {
    const ids = (await store.readMessages(username, 0, 1_000_000)).map(({ id }) => id);
    if (ids.length !== unread)
      throw new Error(`${username}: ${unread} counted, ${ids.length} read`);
    state.set(username, ids);
  }
  return state;
}

/** Tells whether two states are the same. */
export function areSame(one: PlannedState, other: PlannedState): boolean {
  if (one.size !== other.size) return false;
  for (const [username, ids] of one) {
    const others = other.get(username);
    if (others?.length !== ids.length || !ids.every((id, at) => id === others[at])) return false;
  }
  return true;
}

/** Numbers from 0 up to 1, the same for the same seed: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
