import type { Origin } from '../../scheduling/fair-queue.ts';
import type { Place } from '../place/place.ts';

// So many are counted within a millisecond or two.
const fewMax = 1_000;

/** The rows of a sender's messages, and the bytes of those that are in mailboxes. */
interface Few {
  readonly rows: number;
  readonly bytes: number;
}

/** Counts what users have stored in all mailboxes. */
export class StoredCounts {
  /** The last count of many messages. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Returns the bytes of a sender's messages, after every write of the client before the call. Few are counted on the
   * connection that reads mailboxes. Many are counted beside the searches, for one user after the other, so that a
   * search waits for one count at most. Rejects with a store error.
   *
   * @param exactly true to count messages that lie with accounts, too
   */
  async count(place: Place, sender: string, origin: Origin, exactly: boolean): Promise<number> {
    await place.line.settled(origin);
    if (!exactly) {
      const [few] = await place.read<Few>('few-stored-bytes', fewSql, [sender, fewMax]);
      if (few !== undefined && few.rows < fewMax) return few.bytes;
    }
    const counted = this.#last.then(() =>
      place.search<Omit<Few, 'rows'>>('stored-bytes', allSql, [sender, exactly]),
    );
    this.#last = counted.catch(() => {});
    return (await counted)[0]?.bytes ?? 0;
  }
}

const lengthSql = 'octet_length(sender) + octet_length(body)';
const isLeftOverSql = `EXISTS (
    SELECT FROM tandem.leftovers l WHERE l.recipient = m.recipient AND l.through >= m.seq)`;

// It reads no more rows than this, also when none of them is in a mailbox any more.
const fewSql = `
SELECT count(*)::int AS rows,
  COALESCE(sum(${lengthSql}) FILTER (WHERE NOT ${isLeftOverSql}), 0)::float8 AS bytes
FROM (SELECT recipient, seq, sender, body FROM tandem.messages WHERE sender = $1 LIMIT $2) m`;

// Those with accounts have no index. Only who seems to have too much has all accounts with a session read.
const allSql = `
SELECT COALESCE(sum(${lengthSql}), 0)::float8 AS bytes FROM (
  SELECT sender, body FROM tandem.messages m WHERE sender = $1 AND NOT ${isLeftOverSql}
  UNION ALL
  SELECT first_sender, first_body FROM tandem.accounts
  WHERE $2 AND session_node IS NOT NULL AND first_sender = $1 AND first_seq > taken_seq
) m`;
