import { messageCharsMax, usernameCharsMax } from '@tandem/core';
import type { Origin } from '../../scheduling/fair-queue.ts';
import type { Place } from '../place/place.ts';

// So many are counted within a millisecond or two.
const fewMax = 1_000;

/** The rows of a sender's messages, the bytes of those that are in mailboxes, and the sessions of all nodes. */
interface Few {
  readonly rows: number;
  readonly bytes: number;
  readonly sessions: number;
}

// In bytes: all characters are ASCII.
const messageBytesMax = usernameCharsMax + messageCharsMax;

/** Counts what users have stored in all mailboxes. */
export class StoredCounts {
  /** The last count of many messages. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Returns the bytes of a sender's messages, after every write of the client before the call. Few are counted on the
   * connection that reads mailboxes. Many are counted beside the searches, for one user after the other, so that a
   * search waits for one count at most. Rejects with a store error.
   *
   * @param exactly false to take it that each account with a session has a message of this sender, where few others
   *   have: the messages that lie with accounts take long to count
   */
  async count(place: Place, sender: string, origin: Origin, exactly: boolean): Promise<number> {
    await place.line.settled(origin);
    if (!exactly) {
      const [few] = await place.read<Few>('few-stored-bytes', fewSql, [sender, fewMax]);
      if (few !== undefined && few.rows < fewMax) {
        return few.bytes + few.sessions * messageBytesMax;
      }
    }
    const counted = this.#last.then(() =>
      place.search<Pick<Few, 'bytes'>>('stored-bytes', allSql, [sender]),
    );
    this.#last = counted.catch(() => {});
    return (await counted)[0]?.bytes ?? 0;
  }
}

const lengthSql = 'octet_length(sender) + octet_length(body)';
// The last message of a mailbox that is left over.
const throughSql = 'SELECT max(through) FROM tandem.leftovers l WHERE l.recipient = m.recipient';

// It reads no more rows than this, also when none of them is in a mailbox any more. Of many sessions it takes what
// the nodes have said last.
const fewSql = `
SELECT count(*)::int AS rows,
  COALESCE(sum(${lengthSql}) FILTER (WHERE m.seq > COALESCE((${throughSql}), 0)), 0)::float8 AS bytes,
  GREATEST(
    (SELECT count(*) FROM (SELECT FROM tandem.accounts WHERE session_node IS NOT NULL LIMIT 256) a),
    (SELECT sum((report->>'sessions')::float8) FROM tandem.leases)) AS sessions
FROM (SELECT recipient, seq, sender, body FROM tandem.messages WHERE sender = $1 LIMIT $2) m`;

// Those with accounts have no index: all accounts with a session are read. There may be as many leftovers of one mailbox
// as messages, so they are not compared one by one.
const allSql = `
SELECT COALESCE(sum(${lengthSql}), 0)::float8 AS bytes FROM (
  SELECT sender, body FROM tandem.messages
  LEFT JOIN (SELECT recipient, max(through) AS through FROM tandem.leftovers GROUP BY recipient) l USING (recipient)
  WHERE sender = $1 AND seq > COALESCE(l.through, 0)
  UNION ALL
  SELECT first_sender, first_body FROM tandem.accounts
  WHERE session_node IS NOT NULL AND first_sender = $1 AND first_seq > taken_seq
) m`;
