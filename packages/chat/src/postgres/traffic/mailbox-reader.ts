import type { StoredMessage } from '../../store/store.ts';

/** A mailbox, as a session reads it. */
interface SessionMailbox {
  readonly username: string;
  /** The number of the account. */
  readonly recipient: number;
  readonly session: number;
}

/** The messages that a session asks for, and how it gets them. */
interface Wanted {
  readonly mailbox: SessionMailbox;
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

  /**
   * Returns the first messages of a mailbox after a number, the oldest first. A session that has ended gets
   * none that came later, and none once another has begun.
   */
  messages(
    mailbox: SessionMailbox,
    afterId: number,
    messagesMax: number,
  ): Promise<StoredMessage[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ mailbox, afterId, messagesMax, resolve, reject });
      if (!this.#reading) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#reading = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      try {
        const rows = await this.#read('messages', messagesSql, [
          batch.map(({ mailbox }) => mailbox.username),
          batch.map(({ mailbox }) => mailbox.recipient),
          batch.map(({ mailbox }) => mailbox.session),
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

// What is taken may still have rows. The node may not know yet that a session has ended. A client that gets more than
// came to its session would be refused when it resumes with its count.
const messagesSql = `
SELECT (w.n - 1)::int AS n, m.seq::float8 AS id, m.sender, m.body
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
  WITH ORDINALITY AS w (username, recipient, session, after, wanted, n)
CROSS JOIN LATERAL (
  -- With a limit, no plan reads all accounts.
  SELECT COALESCE(session_through, last_seq) AS through, taken_seq, first_seq, first_sender, first_body
  FROM tandem.accounts
  WHERE username = w.username AND session_no = w.session LIMIT 1
) a
CROSS JOIN LATERAL (
  SELECT first_seq AS seq, first_sender AS sender, first_body AS body
  WHERE first_seq > GREATEST(w.after, taken_seq) AND first_seq <= a.through
  UNION ALL
  (SELECT seq, sender, body FROM tandem.messages
  WHERE recipient = w.recipient AND seq > GREATEST(w.after, taken_seq) AND seq <= a.through
  ORDER BY seq LIMIT w.wanted)
  ORDER BY seq LIMIT w.wanted
) m
ORDER BY w.n, m.seq`;
