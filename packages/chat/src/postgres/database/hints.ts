import type { Connection } from './connection.ts';
import { errorOfWrite, NodeLost } from './errors.ts';

/**
 * A hint about a session, for the node that has it: the number of the newest message in its mailbox; or that
 * it has ended, as it goes on elsewhere or as the operator wants it. A hint may be lost, late, doubled or forged:
 * it says where to look, and what is found there counts.
 */
export type Hint = number | 'resumed' | 'dismissed';

/** A notification of PostgreSQL carries less than 8,000 bytes. A hint of a session takes up to 40. */
const hintsMax = 180;

const channelOf = (node: number) => `tandem_${node}`;

/**
 * Tells nodes of what happened to their sessions, after it is committed: by notifications of PostgreSQL, in
 * transactions of their own. Within the transaction of a write, a notification would hold one lock for all
 * commits of the cluster until the disk has it.
 */
export class Hints {
  #connection: Connection;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<number, Map<number, Hint>>();
  #telling = false;

  /**
   * @param connection does not wait for the disk
   * @param onError called when hints could not be told: those nodes look for themselves in a while
   */
  constructor(connection: Connection, onError: (error: unknown) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  /** Takes the hints for a node from now on, and tells others, over a connection that does not wait for the disk. */
  async listen(
    connection: Connection,
    node: number,
    take: (session: number, hint: Hint) => void,
  ): Promise<void> {
    this.#connection = connection;
    connection.onNotification((payload) => {
      for (const [session, hint] of hintsIn(payload)) take(session, hint);
    });
    await connection.query(`LISTEN ${channelOf(node)}`);
  }

  /** Tells a node of a session. Nobody waits for that. */
  tell(node: number, session: number, hint: Hint): void {
    const ofNode = this.#waiting.get(node) ?? new Map<number, Hint>();
    this.#waiting.set(node, ofNode);
    const before = ofNode.get(session);
    // An end counts more than a message, and a later message more than an earlier one.
    if (typeof before === 'string') return;
    const isNews = before === undefined || typeof hint === 'string' || hint > before;
    if (isNews) ofNode.set(session, hint);
    if (!this.#telling) void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#telling = true;
    while (this.#waiting.size > 0) {
      const all = [...this.#waiting];
      this.#waiting.clear();
      const notifications = all.flatMap(([node, hints]) => notificationsOf(node, [...hints]));
      try {
        await this.#connection.query({
          name: 'tell',
          text: 'SELECT pg_notify(n.channel, n.payload) FROM unnest($1::text[], $2::text[]) AS n (channel, payload)',
          values: [
            notifications.map(({ channel }) => channel),
            notifications.map(({ payload }) => payload),
          ],
        });
      } catch (error) {
        const reason = errorOfWrite(error);
        // With the connection: nodes look for themselves in a while.
        if (!(reason instanceof NodeLost)) this.#onError(reason);
      }
    }
    this.#telling = false;
  }
}

function notificationsOf(
  node: number,
  hints: readonly (readonly [number, Hint])[],
): { readonly channel: string; readonly payload: string }[] {
  const notifications = [];
  for (let from = 0; from < hints.length; from += hintsMax) {
    const payload = JSON.stringify(hints.slice(from, from + hintsMax));
    notifications.push({ channel: channelOf(node), payload });
  }
  return notifications;
}

/** Reads a notification; what anybody else has sent on the channel is no hint. */
function hintsIn(payload: string): (readonly [number, Hint])[] {
  try {
    const parsed: unknown = JSON.parse(payload);
    return Array.isArray(parsed) ? parsed.filter(isHint) : [];
  } catch {
    return [];
  }
}

function isHint(value: unknown): value is readonly [number, Hint] {
  if (!Array.isArray(value)) return false;
  const [session, hint] = value;
  const isKnown = Number.isSafeInteger(hint) || hint === 'resumed' || hint === 'dismissed';
  return Number.isSafeInteger(session) && isKnown;
}
