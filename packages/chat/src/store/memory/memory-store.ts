import { SentBytes } from '../sent-bytes.ts';
import type {
  Credentials,
  Removal,
  Store,
  StoredMessage,
  StoredState,
  StoredTokens,
} from '../store.ts';

const done = Promise.resolve();

/** A store that forgets everything when the process ends: nothing is more durable here than the call. */
export class MemoryStore implements Store {
  readonly #mailboxes = new Map<string, StoredMessage[]>();
  readonly #tokens = new Map<string, StoredTokens>();
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
    this.#tokens.delete(username);
    return done;
  }

  // What is not a mailbox is in the service's memory, too; what a session had reached is here alone.
  setCredentials(username: string, credentials: Credentials | undefined): Promise<void> {
    if (credentials?.tokens === undefined) this.#tokens.delete(username);
    else this.#tokens.set(username, credentials.tokens);
    return done;
  }

  setBlocked(): Promise<void> {
    return done;
  }

  addMessage(recipient: string, message: StoredMessage): Promise<void> | undefined {
    const mailbox = this.#mailboxes.get(recipient);
    if (mailbox === undefined) this.#mailboxes.set(recipient, [message]);
    else mailbox.push(message);
    this.#sent.add(message);
    return undefined;
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

  countMessages(recipient: string, afterId: number): number {
    const mailbox = this.#mailboxes.get(recipient) ?? [];
    return mailbox.length - indexAfter(mailbox, afterId);
  }

  takenThroughId(username: string, token: string, taken: number): number {
    const tokens = this.#tokens.get(username);
    const reached = tokens?.last === token ? tokens.reached : undefined;
    if (reached === undefined || taken <= 0) return 0;
    const { session, count, throughId } = reached;
    const mailbox = this.#mailboxes.get(username) ?? [];
    const later = mailbox.findLast(
      ({ id, place }) => id > throughId && place?.session === session && place.count <= taken,
    );
    // Those that were there when the token was given have their places from the last one backwards.
    const newest = indexAfter(mailbox, throughId) - 1;
    return (later ?? mailbox[newest - Math.max(0, count - taken)])?.id ?? 0;
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
