import { type Account, newAccount } from '../../accounts/account.ts';
import type { ChatLimits } from '../../limits.ts';
import { type Origin, originOfItsOwn } from '../../scheduling/fair-queue.ts';
import type { Scheduler } from '../../scheduling/scheduler.ts';
import { type MessageCounts, type Receiver, Session } from '../../service/session.ts';
import type { Mailboxes, StoredMessage } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { Hint } from '../database/hints.ts';
import type { Place } from '../place/place.ts';
import type { StepOutcome } from '../traffic/traffic.ts';
import { type KnownBytes, StoredBytes } from './stored-bytes.ts';
import { StoredCounts } from './stored-counts.ts';

// To count the bytes of a user anew takes long when there are many messages. An entry takes some 200 bytes.
const knownBytesMax = 10_000;

/** A session of this node, as the database knows it. */
export interface Claim {
  readonly place: Place;
  readonly username: string;
  /** The client of its login. */
  readonly origin: Origin;
  /** The number of the session, which no other has. */
  readonly number: number;
  readonly session: Session;
  readonly account: Account;
  /** The bytes of the user's messages in mailboxes. */
  readonly stored: StoredBytes;
  /** The token that was given at its beginning; undefined for none. */
  readonly token: string | undefined;
  /** True when the database has been told of its end, or has told of it. */
  over: boolean;
}

/** A user who begins a session. */
export interface Beginning {
  readonly username: string;
  readonly receiver: Receiver;
  readonly origin: Origin;
  /** The token that resumes the session, if the account has a secret. */
  readonly token: string | undefined;
}

/** The options of the sessions of a node. */
export interface ClaimsOptions {
  readonly limits: ChatLimits;
  readonly counts: MessageCounts;
  /** Told who is logged in on which connection. */
  readonly scheduler: Pick<Scheduler, 'sessionBegan' | 'sessionEnded'>;
  /** The most bytes of a user's messages in mailboxes; infinity for no limit. */
  readonly storedBytesMax: number;
  /** Called for what could not be written. */
  readonly onError: (error: unknown) => void;
}

/** The sessions of a node, kept in step with the database, which decides when they begin and end. */
export class Claims {
  readonly #options: ClaimsOptions;
  readonly #byNumber = new Map<number, Claim>();
  readonly #byName = new Map<string, Claim>();
  readonly #bySession = new WeakMap<Session, Claim>();
  /** Hints of sessions that this node does not know yet: their beginning is on its way here. */
  readonly #early = new Map<number, Hint>();
  /** The bytes of users whose sessions have ended, as those knew them; the session that ended first in front. */
  readonly #knownBytes = new Map<string, { readonly number: number; readonly known: KnownBytes }>();
  readonly #counts = new StoredCounts();
  /** The sessions that the database had at the last look, and this node had not. */
  #strays: ReadonlySet<number> = new Set();

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** The number of sessions. */
  get size(): number {
    return this.#byNumber.size;
  }

  /** The sessions, the oldest first. */
  get sessions(): readonly Session[] {
    return [...this.#byNumber.values()].map(({ session }) => session);
  }

  /** Returns the claim of a session, which may have ended. */
  of(session: Session): Claim {
    return this.#bySession.get(session) as Claim;
  }

  /**
   * Begins a session that the database has given to this node.
   *
   * @param outcome that of the step that has claimed it
   */
  begin(
    place: Place,
    { username, receiver, origin, token }: Beginning,
    outcome: StepOutcome,
  ): Session {
    const [, number, id, unread, lastMessageId, hasToken, , numberBefore] = outcome as readonly [
      ...numbers: [number, number, number, number, number],
      hasToken: boolean,
      nodeBefore: number | null,
      numberBefore: number | null,
    ];
    const { limits, counts, scheduler, storedBytesMax, onError } = this.#options;
    const account = newAccount(username, unread);
    const session: Session = new Session({
      account,
      store: mailboxOf(place, number, id, origin),
      limits,
      receiver,
      lastMessageId,
      hasAllIds: true,
      onStoreError: onError,
      origin,
      counts,
      scheduler,
      onEnd: () => this.#onEnd(claim),
    });
    const claim: Claim = {
      place,
      username,
      origin,
      number,
      session,
      account,
      stored: new StoredBytes(
        storedBytesMax,
        (exactly) => this.#counts.count(place, username, origin, exactly),
        this.#takeKnownBytes(username, numberBefore),
      ),
      token: hasToken ? token : undefined,
      over: false,
    };
    account.session = session;
    // What began earlier has ended in the database, and the hint that tells so may still be on its way.
    const before = this.#byName.get(username);
    if (before !== undefined) end(before, 'resumed');
    this.#bySession.set(session, claim);
    this.#byNumber.set(number, claim);
    this.#byName.set(username, claim);
    const hint = this.#early.get(number);
    this.#early.delete(number);
    if (hint !== undefined) this.takeHint(number, hint);
    // It began when nobody could have it any more.
    if (place.isOver) fail(claim, new StoreError('unreachable', 'the node has lost its place'));
    return session;
  }

  /** Returns what the session before this one knew, if that was here. */
  #takeKnownBytes(username: string, numberBefore: number | null): KnownBytes | undefined {
    const ended = this.#knownBytes.get(username);
    this.#knownBytes.delete(username);
    if (ended !== undefined) return ended.number === numberBefore ? ended.known : undefined;
    // Its session goes on elsewhere, from which this node has not heard yet.
    const before = this.#byName.get(username);
    return before?.number === numberBefore ? before?.stored.known : undefined;
  }

  #keepKnownBytes({ username, number, stored }: Claim): void {
    this.#knownBytes.delete(username);
    this.#knownBytes.set(username, { number, known: stored.known });
    const [oldest] = this.#knownBytes.keys();
    if (this.#knownBytes.size > knownBytesMax) this.#knownBytes.delete(oldest as string);
  }

  #onEnd(claim: Claim): void {
    const { place, username, number } = claim;
    this.#keepKnownBytes(claim);
    this.#byNumber.delete(number);
    if (this.#byName.get(username) === claim) this.#byName.delete(username);
    if (claim.over) return;
    claim.over = true;
    const step = { do: 'end', username, session: number, forget: false } as const;
    // Where that fails, the node has lost its place, or the next look finds a session that nobody has.
    place.line.carryOut(step, claim.origin).catch(this.#options.onError);
  }

  /** Ends all sessions: the clients are to go. */
  endAll(): void {
    for (const session of this.sessions) session.end();
  }

  /** Ends all sessions, since the place is lost in which they were. */
  failAll(error: StoreError): void {
    for (const claim of [...this.#byNumber.values()]) fail(claim, error);
    this.#early.clear();
  }

  /** Takes a message that this node has sent to a session of its own. */
  arrived(number: number, message: StoredMessage): void {
    const claim = this.#byNumber.get(number);
    if (claim === undefined) this.#rememberEarly(number, message.id);
    else if (message.id === claim.session.lastId + 1) {
      claim.account.stored++;
      claim.session.offer(message);
    } else claim.session.learn(message.id);
  }

  /** Ends a session that the database has ended by a step of this node. */
  end(number: number, how: 'resumed' | 'dismissed'): void {
    const claim = this.#byNumber.get(number);
    if (claim === undefined) this.#rememberEarly(number, how);
    else end(claim, how);
  }

  /** Takes what another node, or anybody, tells of a session. */
  takeHint(number: number, hint: Hint): void {
    const claim = this.#byNumber.get(number);
    if (claim === undefined) this.#rememberEarly(number, hint);
    else if (typeof hint === 'number') claim.session.learn(hint);
    // Where that fails, the place is lost, or the next look finds it.
    else endIfOver(claim, hint).catch(() => {});
  }

  #rememberEarly(number: number, hint: Hint): void {
    const before = this.#early.get(number);
    if (typeof before === 'string') return;
    const later = typeof hint === 'number' ? Math.max(before ?? 0, hint) : hint;
    this.#early.set(number, later);
  }

  /** Looks for what no hint has told: messages, sessions that are over, and some that nobody has. */
  async look(place: Place): Promise<void> {
    const known = [...this.#byNumber.values()];
    this.#early.clear();
    const [found] = await place.read<Look>('look', lookSql, [place.node]);
    const { numbers, waiting } = found as Look;
    const there = new Set(numbers);
    for (const claim of known) {
      if (!there.has(claim.number) && !claim.over) end(claim, 'resumed');
    }
    for (const [number, lastSeq] of waiting) this.#byNumber.get(number)?.session.learn(lastSeq);
    // The end of a session could not be written; or its beginning is under way, and it is no stray next time.
    const unknown = numbers.filter((number) => !this.#byNumber.has(number));
    const over = unknown.filter((number) => this.#strays.has(number));
    if (over.length > 0) await endStrays(place, over);
    this.#strays = new Set(unknown);
  }
}

function fail(claim: Claim, error: StoreError): void {
  claim.over = true;
  claim.session.fail(error);
}

/** Ends a session that the database has ended. */
function end(claim: Claim, how: 'resumed' | 'dismissed'): void {
  claim.over = true;
  if (how === 'resumed') claim.session.giveWay();
  else claim.session.dismiss();
}

/** Ends a session that is said to be over, if the database says so, too: others can send notifications. */
async function endIfOver(claim: Claim, how: 'resumed' | 'dismissed'): Promise<void> {
  const { place, username, number } = claim;
  const text =
    'SELECT FROM tandem.accounts WHERE username = $1 AND session_no = $2 AND session_node = $3';
  const rows = await place.read('is-there', text, [username, number, place.node]);
  if (rows.length === 0) end(claim, how);
}

/** Ends sessions that the database has and this node has not. */
async function endStrays(place: Place, numbers: readonly number[]): Promise<void> {
  const rows = await place.read<{ username: string; session: number }>('strays', straysSql, [
    place.node,
    numbers,
  ]);
  const origin = originOfItsOwn();
  for (const row of rows) await place.line.carryOut({ do: 'end', ...row, forget: false }, origin);
}

/** Returns the mailbox of a session, as far as a session needs one. */
function mailboxOf(place: Place, session: number, recipient: number, origin: Origin): Mailboxes {
  return {
    readMessages: (username, afterId, messagesMax) =>
      place.mailboxes.messages({ username, recipient, session }, afterId, messagesMax),
    removeMessages: (username, throughId) => ({
      gone: 0,
      durable: place.line.acknowledge(username, session, throughId, origin),
    }),
    flush: () => {},
  };
}

/** The sessions of a node that the database has. */
interface Look {
  /** The numbers of all. */
  readonly numbers: readonly number[];
  /** The numbers of those with messages that are not taken, and the number of the last message of each. */
  readonly waiting: readonly (readonly [session: number, lastSeq: number])[];
}

// Two texts: as rows, they would take the node five times as long to read.
const lookSql = `
SELECT COALESCE(array_to_json(array_agg(session_no)), '[]') AS numbers,
  COALESCE(json_agg(json_build_array(session_no, last_seq)) FILTER (WHERE last_seq > taken_seq), '[]') AS waiting
FROM tandem.accounts WHERE session_node = $1`;
const straysSql = `
SELECT username, session_no::float8 AS session FROM tandem.accounts
WHERE session_node = $1 AND session_no = ANY ($2::bigint[])`;
