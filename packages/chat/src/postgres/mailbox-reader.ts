import type { StoredMessage } from '../store/store.ts';

/** The messages that a session asks for, and how it gets them. */
interface Wanted {
  readonly recipient: number;
  readonly afterId: number;
  readonly messagesMax: number;
  readonly resolve: (messages: StoredMessage[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Row extends StoredMessage {
  readonly n: number;
}

// A read has up to a window for each.
const batchMax = 32;

/** Reads mailboxes. What is asked for while one read is under way is the next read, for many sessions. */
export class MailboxReader {
  readonly #read: (name: string, text: string, values: readonly unknown[]) => Promise<Row[]>;
  readonly #waiting: Wanted[] = [];
  #reading = false;

  /** @param read asks for rows */
  constructor(read: (name: string, text: string, values: readonly unknown[]) => Promise<Row[]>) {
    this.#read = read;
  }

  /** Returns the first messages of a mailbox after a number, the oldest first. */
  messages(recipient: number, afterId: number, messagesMax: number): Promise<StoredMessage[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ recipient, afterId, messagesMax, resolve, reject });
      if (!this.#reading) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#reading = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      try {
        const rows = await this.#read('messages', messagesSql, [
          batch.map(({ recipient }) => recipient),
          batch.map(({ afterId }) => afterId),
          batch.map(({ messagesMax }) => messagesMax),
        ]);
        const mailboxes = batch.map((): StoredMessage[] => []);
        for (const { n, id, sender, body } of rows) mailboxes[n]?.push({ id, sender, body });
        for (const [n, { resolve }] of batch.entries()) resolve(mailboxes[n] ?? []);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#reading = false;
  }
}

const messagesSql = `
SELECT (w.n - 1)::int AS n, m.seq::float8 AS id, m.sender, m.body
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
  WITH ORDINALITY AS w (recipient, after, wanted, n)
CROSS JOIN LATERAL (
  SELECT seq, sender, body FROM tandem.messages
  WHERE recipient = w.recipient AND seq > w.after ORDER BY seq LIMIT w.wanted
) m
ORDER BY w.n, m.seq`;
