import { SentBytes } from '../sent-bytes.ts';
import type { Removal, Store, StoredMessage, StoredState } from '../store.ts';

const done = Promise.resolve();

/** A store that forgets everything when the process ends: nothing is more durable here than the call. */
export class MemoryStore implements Store {
  readonly #mailboxes = new Map<string, StoredMessage[]>();
  readonly #sent = new SentBytes();

  load(): Promise<StoredState> {
    return Promise.resolve({ accounts: [], lastMessageId: 0 });
  }

  addAccount(username: string): Promise<void> {
    // The service has the accounts in memory: here a mailbox begins with its first message.
    return this.removeAccount(username);
  }

  removeAccount(username: string): Promise<void> {
    for (const message of this.#mailboxes.get(username) ?? []) this.#sent.remove(message);
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
    this.#sent.add(message);
    return done;
  }

  removeMessages(recipient: string, throughId: number): Removal {
    const mailbox = this.#mailboxes.get(recipient);
    if (mailbox === undefined) return { gone: 0, durable: undefined };
    const gone = mailbox.splice(0, indexAfter(mailbox, throughId));
    for (const message of gone) this.#sent.remove(message);
    if (mailbox.length === 0) this.#mailboxes.delete(recipient);
    return { gone: gone.length, durable: undefined };
  }

  flush(): void {}

  readMessages(recipient: string, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    const mailbox = this.#mailboxes.get(recipient) ?? [];
    const from = indexAfter(mailbox, afterId);
    return Promise.resolve(mailbox.slice(from, from + messagesMax));
  }

  bytesFrom(sender: string): number {
    return this.#sent.of(sender);
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
