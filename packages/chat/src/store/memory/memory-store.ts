import type { Removal, Store, StoredMessage, StoredState } from '../store.ts';

const done = Promise.resolve();

/** A store that forgets everything when the process ends: nothing is more durable here than the call. */
export class MemoryStore implements Store {
  readonly #mailboxes = new Map<string, StoredMessage[]>();

  load(): Promise<StoredState> {
    return Promise.resolve({ accounts: [], lastMessageId: 0 });
  }

  addAccount(username: string): Promise<void> {
    // The service has the accounts in memory: here a mailbox begins with its first message.
    this.#mailboxes.delete(username);
    return done;
  }

  removeAccount(username: string): Promise<void> {
    this.#mailboxes.delete(username);
    return done;
  }

  // What is not a mailbox is in the service's memory, too.
  setCredentials(): Promise<void> {
    return done;
  }

  setBlocked(): Promise<void> {
    return done;
  }

  addMessage(recipient: string, message: StoredMessage): Promise<void> {
    const mailbox = this.#mailboxes.get(recipient);
    if (mailbox === undefined) this.#mailboxes.set(recipient, [message]);
    else mailbox.push(message);
    return done;
  }

  removeMessages(recipient: string, throughId: number): Removal {
    const mailbox = this.#mailboxes.get(recipient);
    const count = mailbox === undefined ? 0 : indexAfter(mailbox, throughId);
    if (count === mailbox?.length) this.#mailboxes.delete(recipient);
    else mailbox?.splice(0, count);
    return { gone: count, durable: undefined };
  }

  flush(): void {}

  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    const mailbox = this.#mailboxes.get(recipient) ?? [];
    const from = indexAfter(mailbox, afterId);
    return Promise.resolve(mailbox.slice(from, from + messagesMax));
  }

  close(): Promise<void> {
    return done;
  }
}

/** The place of the first message with an id above `id`, found by halving. */
function indexAfter(mailbox: readonly StoredMessage[], id: number): number {
  let low = 0;
  let high = mailbox.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((mailbox[middle] as StoredMessage).id <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
