import { setTimeout as delay } from 'node:timers/promises';
import {
  type DeleteOutcome,
  literalPrefix,
  type RegisterOutcome,
  type SendOutcome,
  Status,
  searchResultsMax,
} from '@tandem/core';
import { makeToken, tokenHash } from '@tandem/identity';
import { newAccount } from '../accounts/account.ts';
import { type ChatLimits, defaultChatLimits, defaultIdentitySettings } from '../limits.ts';
import { type Asker, type Origin, originOfItsOwn } from '../scheduling/fair-queue.ts';
import { OneByOne } from '../scheduling/one-by-one.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import type { UseScale } from '../scheduling/waiting-places.ts';
import type { SearchResult } from '../search/search.ts';
import type { Administration } from '../service/administration.ts';
import type { Begun, Operations, Resumed } from '../service/backend.ts';
import type { Chat } from '../service/chat.ts';
import { ClientAgent } from '../service/client-agent.ts';
import { type MessageCounts, noMessages } from '../service/counts.ts';
import { type IdentitySettings, newHasher, Secrets } from '../service/secrets.ts';
import { type Receiver, Session } from '../service/session.ts';
import { type Trace, TracedAgent } from '../service/traced-agent.ts';
import { Usage, type UsageLimits, unlimitedUsage } from '../service/usage.ts';
import type { Mailboxes, StoredMessage } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { Weaknesses } from './checks.ts';
import { Cluster } from './cluster.ts';
import type { Hint } from './hints.ts';
import type { Step } from './line.ts';
import type { Claim, Node } from './node.ts';
import type { NodeReport } from './node-report.ts';
import { defaultNodeTimes, type NodeTimes, Place } from './place.ts';
import { PostgresAdministration } from './postgres-administration.ts';
import { PostgresIdentity } from './postgres-identity.ts';
import { SharedUse } from './shared-use.ts';
import { StoredBytes } from './stored-bytes.ts';
import type { StepOutcome } from './traffic.ts';

/** The options of a chat service on PostgreSQL. */
export interface PostgresServiceOptions {
  /** The address of the database, a URL that begins with `postgres:` or `postgresql:`. */
  readonly url: string;
  /** Limits that differ from {@link defaultChatLimits}. All nodes have the same. */
  readonly limits?: Partial<ChatLimits>;
  /** The settings of identity that differ from {@link defaultIdentitySettings}. */
  readonly identity?: Partial<IdentitySettings>;
  /** The limits of each user and address; none by default. */
  readonly usage?: Partial<UsageLimits>;
  /** True when only users who are logged in may search; anybody may by default. [P-4.3] */
  readonly searchNeedsSession?: boolean;
  /** Told who is banned: at the opening, and some seconds after another node has changed that. */
  readonly onBans?: (bans: { readonly names: string[]; readonly networks: string[] }) => void;
  /** Called for every write that failed. Whoever waited for it gets 127 or 27. */
  readonly onStoreError?: (error: unknown) => void;
  /** Called when writes have succeeded. */
  readonly onWritten?: () => void;
  /** Called when the node cannot have a place any more: a later version has changed the schema. */
  readonly onFatal?: (error: StoreError) => void;
  /** Returns what the nodes show to operators of this one. */
  readonly report?: () => NodeReport;
  /** Called when an operator asks this node to leave, once or more often: its owner ends it then. */
  readonly onDrain?: () => void;
  /** Told of what an operator should know: a weak setting, a place that was lost or found. */
  readonly onNotice?: (notice: string) => void;
  /** Times that differ from {@link defaultNodeTimes}. All nodes have the same. */
  readonly times?: Partial<NodeTimes>;
}

// A connection that asks for little comes before those that ask for much.
const searchUse: UseScale = { halfLifeMs: 10_000, refusal: 1, queues: [8, 32, 128], levels: [] };

const [comeBackAfterMs, comeBackAfterMaxMs] = [100, 5_000];

/**
 * A chat service whose accounts, sessions and mailboxes are in a PostgreSQL that other nodes share.
 *
 * Every operation that changes something is a write in the node's {@link Line}, decided in the database by
 * one function, so that all nodes have one order. In memory are the sessions of this node alone. A node
 * that loses its place ends them, takes another place as soon as it can, and is asked in vain until then.
 */
export class PostgresService implements Chat, Operations, Node {
  readonly scheduler: Scheduler = new Scheduler();
  readonly identity: PostgresIdentity;
  readonly secrets: Secrets;
  readonly usage: Usage;
  readonly searchNeedsSession: boolean;
  readonly administration: Administration;
  /** All nodes, for an operator. */
  readonly cluster: Cluster;
  readonly messageCounts: Readonly<MessageCounts>;
  readonly #options: PostgresServiceOptions;
  readonly #limits: ChatLimits;
  readonly #tokenMs: number;
  readonly #times: NodeTimes;
  readonly #counts = noMessages();
  readonly #searches: OneByOne;
  readonly #weaknesses: Weaknesses;
  readonly #claims = new Map<number, Claim>();
  readonly #byName = new Map<string, Claim>();
  readonly #bySession = new WeakMap<Session, Claim>();
  /** Hints of sessions that this node does not know yet: their beginning is on its way here. */
  readonly #early = new Map<number, Hint>();
  #place: Place | undefined;
  #timers: readonly NodeJS.Timeout[] = [];
  #accountCount = 0;
  readonly #stop = new AbortController();
  #closed: Promise<void> | undefined;
  #comingBack: Promise<void> | undefined;

  private constructor(options: PostgresServiceOptions) {
    this.#options = options;
    this.#limits = { ...defaultChatLimits, ...options.limits };
    const identity = { ...defaultIdentitySettings, hasher: newHasher(), ...options.identity };
    this.#tokenMs = identity.resumeMs;
    this.secrets = new Secrets(identity, this.#limits.secretsWaitingMax);
    this.usage = new Usage({ ...unlimitedUsage, ...options.usage });
    this.searchNeedsSession = options.searchNeedsSession ?? false;
    this.messageCounts = this.#counts;
    this.#searches = new OneByOne(searchUse, this.#limits.searchesWaitingMax);
    this.identity = new PostgresIdentity(this, this.secrets, this.#tokenMs);
    this.administration = new PostgresAdministration(this);
    this.#times = { ...defaultNodeTimes, ...options.times };
    this.#weaknesses = new Weaknesses((notice) => options.onNotice?.(notice));
    this.cluster = new Cluster(this, this.#times.liveMs / 2);
  }

  /** Opens a node. Rejects with a {@link StoreError} when the database cannot be used. */
  static async open(options: PostgresServiceOptions): Promise<PostgresService> {
    const service = new PostgresService(options);
    try {
      await service.#takePlace();
      return service;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  /** The number of this node; undefined while it has no place. */
  get node(): number | undefined {
    return this.#place?.node;
  }

  get available(): boolean {
    return this.#place !== undefined;
  }

  /** The number of accounts of all nodes together, as it was some seconds ago. */
  get accountCount(): number {
    return this.#accountCount;
  }

  /** The number of searches of this node that wait for their turn. */
  get searchesWaiting(): number {
    return this.#searches.waiting;
  }

  get sessions(): readonly Session[] {
    return [...this.#claims.values()].map(({ session }) => session);
  }

  connect(receiver: Receiver, origin = originOfItsOwn(), trace?: Trace): ClientAgent {
    if (trace === undefined) return new ClientAgent(this, receiver, origin);
    return new TracedAgent(this, receiver, origin, trace);
  }

  close(): Promise<void> {
    this.#stop.abort();
    for (const { session } of [...this.#claims.values()]) session.end();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.secrets.close();
    await this.#comingBack;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#place?.leave();
  }

  async register(
    username: string,
    secret?: string,
    origin = originOfItsOwn(),
  ): Promise<RegisterOutcome> {
    if (!this.secrets.takesAccount(secret !== undefined)) return { status: Status.notLoggedIn };
    return this.create(username, secret, origin);
  }

  async create(
    username: string,
    secret: string | undefined,
    origin: Origin,
  ): Promise<RegisterOutcome> {
    const refusal = this.secrets.refusalOf(username, secret);
    if (refusal !== undefined) return { status: refusal };
    const full = this.#accountCount >= this.#limits.accountsMax;
    if (secret === undefined) return this.#register({ do: 'register', username, full });
    // Not hashed for nothing.
    if (await this.has(username)) return { status: Status.usernameTaken };
    // Carried out though the client may be gone. [P-6.8]
    const phc = await this.secrets.hash(secret, { origin, isGone: () => false });
    if (typeof phc === 'number') return { status: phc };
    return this.#register({ do: 'register', username, full, secret: phc });
  }

  async #register(step: Step): Promise<RegisterOutcome> {
    const [status] = await this.carryOut(step);
    // Until the next look counts all.
    if (status === Status.registered) this.#accountCount++;
    return { status } as RegisterOutcome;
  }

  async has(username: string): Promise<boolean> {
    const rows = await this.read('has', 'SELECT FROM tandem.accounts WHERE username = $1', [
      username,
    ]);
    return rows.length > 0;
  }

  async beginSession(
    username: string,
    receiver: Receiver,
    proof?: string,
    origin = originOfItsOwn(),
  ): Promise<Begun> {
    const token = proof === undefined ? undefined : makeToken();
    const place = this.#needPlace();
    const outcome = await this.carryOut({
      do: 'claim',
      username,
      proof,
      token: token && tokenHash(token),
      tokenMs: this.#tokenMs,
    });
    if (outcome[0] !== Status.loggedIn) return outcome[0] as Exclude<Begun, Session>;
    return this.#begin(place, { username, receiver, origin, token }, outcome);
  }

  async resumeSession(
    username: string,
    token: string,
    count: number,
    receiver: Receiver,
    origin = originOfItsOwn(),
  ): Promise<Resumed> {
    const [used, next] = [tokenHash(token), makeToken()];
    const place = this.#needPlace();
    const outcome = await this.carryOut({
      do: 'resume',
      username,
      used,
      count,
      token: tokenHash(next),
      tokenMs: this.#tokenMs,
    });
    if (outcome[0] !== Status.loggedIn) return outcome[0] as Exclude<Resumed, object>;
    const [, , , , , , before, number] = outcome;
    this.tellEnd(before, number, 'resumed');
    const session = this.#begin(place, { username, receiver, origin, token: next }, outcome);
    return { session, used, forgotten: undefined };
  }

  #begin(
    place: Place,
    {
      username,
      receiver,
      origin,
      token,
    }: {
      readonly username: string;
      readonly receiver: Receiver;
      readonly origin: Origin;
      readonly token: string | undefined;
    },
    outcome: StepOutcome,
  ): Session {
    const [, number, id, unread, lastMessageId, hasToken] = outcome as readonly number[] &
      StepOutcome;
    const account = newAccount(username, unread as number);
    const session: Session = new Session({
      account,
      store: mailboxOf(place, number as number, id as number),
      limits: this.#limits,
      receiver,
      lastMessageId: lastMessageId as number,
      hasAllIds: true,
      onStoreError: this.#onError,
      origin,
      counts: this.#counts,
      onEnd: () => this.#onEnd(claim),
    });
    const claim: Claim = {
      place,
      username,
      number: number as number,
      session,
      account,
      stored: new StoredBytes(this.usage.storedBytesMax, (exactly) =>
        countStored(place, username, exactly),
      ),
      token: hasToken ? token : undefined,
      over: false,
    };
    account.session = session;
    // What began earlier has ended in the database, and the hint that tells so may still be on its way.
    const before = this.#byName.get(username);
    if (before !== undefined) this.#end(before, 'resumed');
    this.#bySession.set(session, claim);
    this.#claims.set(claim.number, claim);
    this.#byName.set(username, claim);
    const hint = this.#early.get(claim.number);
    this.#early.delete(claim.number);
    if (hint !== undefined) this.#takeHint(claim.number, hint);
    // It began when nobody could have it any more.
    if (place !== this.#place)
      this.#fail(claim, new StoreError('unreachable', 'the node has lost its place'));
    return session;
  }

  #onEnd(claim: Claim): void {
    this.#claims.delete(claim.number);
    if (this.#byName.get(claim.username) === claim) this.#byName.delete(claim.username);
    if (claim.over) return;
    claim.over = true;
    const { username, number } = claim;
    const step = { do: 'end', username, session: number, forget: false } as const;
    // Where that fails, the node has lost its place, or the next look finds a session that nobody has.
    claim.place.line.carryOut(step).catch(this.#onError);
  }

  #fail(claim: Claim, error: StoreError): void {
    claim.over = true;
    claim.session.fail(error);
  }

  // Every answer waits for its own commit.
  settled(): undefined {
    return undefined;
  }

  search(query: string, asker: Asker): Promise<SearchResult | undefined> {
    return this.#searches.ask(asker, () => this.#find(query));
  }

  async #find(query: string): Promise<SearchResult> {
    const place = this.#needPlace();
    await place.line.settled();
    const prefix = literalPrefix(query);
    const pattern = query === '' ? '%' : query.replaceAll('*', '%');
    const rows = await this.failing(
      place.search<{ username: string }>('search', searchSql, [
        pattern,
        prefix,
        `${prefix}${behindAll}`,
        searchResultsMax + 1,
      ]),
    );
    const usernames = rows.slice(0, searchResultsMax).map(({ username }) => username);
    return { usernames, cut: rows.length > searchResultsMax };
  }

  async post(
    sender: string,
    recipient: string,
    body: string,
    session: Session,
  ): Promise<SendOutcome> {
    const { place, number: from, stored } = this.claimOf(session);
    const send = { sender, session: from, recipient, body };
    const bytes = sender.length + body.length;
    let outcome: StepOutcome;
    try {
      outcome = await stored.write(bytes, (over) => place.line.send({ ...send, over }));
    } catch (error) {
      this.#onError(error);
      return { status: Status.sendFailed };
    }
    const [status, id, node, number] = outcome as readonly [number, number, number, number];
    if (status === Status.stored || status === Status.delivered) this.#counts.stored++;
    if (status === Status.tooBusy) this.usage.refuseStored();
    if (status === Status.delivered) {
      if (node === place.node) this.#arrived(number, { id, sender, body });
      else place.hints.tell(node, number, id);
    }
    return { status } as SendOutcome;
  }

  async delete(session: Session): Promise<DeleteOutcome> {
    const claim = this.claimOf(session);
    claim.over = true;
    const { username, number } = claim;
    const deleted = this.carryOut({ do: 'delete', username, session: number });
    session.end();
    const [status] = await deleted;
    if (status === Status.deleted) this.#accountCount--;
    return { status } as DeleteOutcome;
  }

  claimOf(session: Session): Claim {
    return this.#bySession.get(session) as Claim;
  }

  /** Bans a user or a network at all nodes, or ends that. Resolves with false when that changes nothing. */
  async changeBan(kind: 'name' | 'network', key: string, banned: boolean): Promise<boolean> {
    const place = this.#needPlace();
    const [name, text] = banned ? ['ban', banSql] : ['unban', unbanSql];
    const changed = await this.failing(place.search(name, text, [kind, key]));
    await this.#readBans(place);
    return changed.length > 0;
  }

  async #readBans(place: Place): Promise<void> {
    const [bans] = await this.failing(
      place.search<{ names: string[]; networks: string[] }>('bans', bansSql, []),
    );
    if (bans !== undefined) this.#options.onBans?.(bans);
  }

  carryOut(step: Step): Promise<StepOutcome> {
    return this.failing(this.#needPlace().line.carryOut(step));
  }

  async read<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
    slow = false,
  ): Promise<Row[]> {
    const place = this.#needPlace();
    await place.line.settled();
    return this.failing(
      slow ? place.search<Row>(name, text, values) : place.read<Row>(name, text, values),
    );
  }

  /** Tells `onStoreError` when that fails. */
  failing<Result>(result: Promise<Result>): Promise<Result> {
    result.catch(this.#onError);
    return result;
  }

  /** Tells `onStoreError` of what has failed, and not of what was asked for too late. */
  readonly #onError = (error: unknown): void => {
    if (error instanceof StoreError && error.code === 'closed') return;
    this.#options.onStoreError?.(error);
  };

  tellEnd(node: unknown, number: unknown, end: 'resumed' | 'dismissed'): void {
    if (typeof node !== 'number' || typeof number !== 'number') return;
    if (node !== this.#place?.node) {
      this.#place?.hints.tell(node, number, end);
      return;
    }
    const claim = this.#claims.get(number);
    if (claim === undefined) this.#rememberEarly(number, end);
    else this.#end(claim, end);
  }

  #needPlace(): Place {
    if (this.#stop.signal.aborted) throw new StoreError('closed', 'this node is closed');
    if (this.#place !== undefined) return this.#place;
    throw new StoreError('unreachable', 'this node has no connection to PostgreSQL at the moment');
  }

  /** Takes a message that this node has sent to a session of its own. */
  #arrived(number: number, message: StoredMessage): void {
    const claim = this.#claims.get(number);
    if (claim === undefined) this.#rememberEarly(number, message.id);
    else if (message.id === claim.session.lastId + 1) {
      claim.account.stored++;
      claim.session.offer(message);
    } else claim.session.learn(message.id);
  }

  readonly #takeHint = (number: number, hint: Hint): void => {
    const claim = this.#claims.get(number);
    if (claim === undefined) this.#rememberEarly(number, hint);
    else if (typeof hint === 'number') claim.session.learn(hint);
    // Where that fails, the place is lost, or the next look finds it.
    else this.#endIfOver(claim, hint).catch(() => {});
  };

  /** Ends a session that is said to be over, if the database says so, too: others can send notifications. */
  async #endIfOver(claim: Claim, end: 'resumed' | 'dismissed'): Promise<void> {
    const { place, username, number } = claim;
    const text =
      'SELECT FROM tandem.accounts WHERE username = $1 AND session_no = $2 AND session_node = $3';
    const rows = await place.read('is-there', text, [username, number, place.node]);
    if (rows.length === 0) this.#end(claim, end);
  }

  /** Ends a session that the database has ended. */
  #end(claim: Claim, end: 'resumed' | 'dismissed'): void {
    claim.over = true;
    if (end === 'resumed') claim.session.giveWay();
    else claim.session.dismiss();
  }

  #rememberEarly(number: number, hint: Hint): void {
    const before = this.#early.get(number);
    if (typeof before === 'string') return;
    const later = typeof hint === 'number' ? Math.max(before ?? 0, hint) : hint;
    this.#early.set(number, later);
  }

  /** Looks for what no hint has told: messages, sessions that are over, and some that nobody has. */
  async #look(place: Place, strays: Set<number>): Promise<void> {
    const known = [...this.#claims.values()];
    this.#early.clear();
    const [found] = await place.read<Look>('look', lookSql, [place.node]);
    const { numbers, waiting } = found as Look;
    const there = new Set(numbers);
    for (const claim of known) {
      if (!there.has(claim.number) && !claim.over) this.#end(claim, 'resumed');
    }
    for (const [number, lastSeq] of waiting) this.#claims.get(number)?.session.learn(lastSeq);
    // The end of a session could not be written; or its beginning is under way, and it is no stray next time.
    const unknown = numbers.filter((number) => !this.#claims.has(number));
    const over = unknown.filter((number) => strays.has(number));
    if (over.length > 0) await this.#endStrays(place, over);
    strays.clear();
    for (const number of unknown) strays.add(number);
    const [counted] = await place.search<{ accounts: number }>('count', countSql, []);
    this.#accountCount = counted?.accounts ?? 0;
    await this.#readBans(place);
    await place.lookAtServer();
  }

  /** Ends sessions that the database has and this node has not. */
  async #endStrays(place: Place, numbers: readonly number[]): Promise<void> {
    const rows = await place.read<{ username: string; session: number }>('strays', straysSql, [
      place.node,
      numbers,
    ]);
    for (const row of rows) await place.line.carryOut({ do: 'end', ...row, forget: false });
  }

  async #takePlace(): Promise<void> {
    const { url, report, onNotice = () => {}, onDrain = () => {} } = this.#options;
    let place: Place | undefined;
    let lost: StoreError | undefined;
    const taken = await Place.take({
      url,
      mailboxMessagesMax: this.#limits.mailboxMessagesMax,
      times: this.#times,
      report: () => ({ ...(report?.() ?? noReport), sessions: this.#claims.size }),
      onDrain,
      onHint: this.#takeHint,
      onLost: (error) => {
        lost = error;
        if (place !== undefined) this.#lose(error);
      },
      weaknesses: this.#weaknesses,
      onNotice,
      onBuried: (node) => onNotice(`node ${node} is dead, and its sessions have ended`),
      onError: this.#onError,
      onWritten: () => this.#options.onWritten?.(),
    });
    const strays = new Set<number>();
    try {
      await this.#look(taken, strays);
    } catch (error) {
      await taken.leave();
      throw error;
    }
    if (lost !== undefined) throw lost;
    place = taken;
    this.#place = taken;
    const shared = new SharedUse({ ...this.usage.limiters, ...this.secrets.limiters }, (...said) =>
      taken.read('share-use', shareUseSql, [taken.node, ...said]),
    );
    this.#timers = [
      every(this.#times.lookMs, () => this.#look(taken, strays)),
      every(this.#times.renewMs, () => shared.exchange()),
    ];
  }

  #lose(error: StoreError): void {
    this.#place = undefined;
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.onNotice?.(
      `this node has lost its place, and its sessions have ended: ${error.message}`,
    );
    for (const claim of [...this.#claims.values()]) this.#fail(claim, error);
    this.#early.clear();
    if (!this.#stop.signal.aborted) this.#comingBack = this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    for (let waitMs = comeBackAfterMs; !this.#stop.signal.aborted; waitMs *= 2) {
      await delay(Math.min(waitMs, comeBackAfterMaxMs), undefined, {
        signal: this.#stop.signal,
      }).catch(() => {});
      try {
        if (this.#stop.signal.aborted) return;
        await this.#takePlace();
        this.#options.onNotice?.(`this node has its place again, as node ${this.node}`);
        return;
      } catch (error) {
        this.#options.onStoreError?.(error);
        // To wait for an earlier schema is in vain.
        if (error instanceof StoreError && error.code === 'newer') {
          this.#options.onFatal?.(error);
          return;
        }
      }
    }
  }
}

/** The report of a node that only a program has. */
const noReport: NodeReport = { version: '', state: 'serving', addresses: {}, clients: 0 };

/** Works again and again. Where that fails, the place is lost, or the next time succeeds. */
function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let working = false;
  return setInterval(() => {
    if (working) return;
    working = true;
    work()
      .catch(() => {})
      .finally(() => {
        working = false;
      });
  }, ms);
}

/** Counts the bytes of a sender's messages in all mailboxes, after every write before the call. */
async function countStored(place: Place, sender: string, exactly: boolean): Promise<number> {
  await place.line.settled();
  const [row] = await place.search<{ bytes: number }>('stored-bytes', storedBytesSql, [
    sender,
    exactly,
  ]);
  return row?.bytes ?? 0;
}

/** Returns the mailbox of a session, as far as a session needs one. */
function mailboxOf(place: Place, session: number, recipient: number): Mailboxes {
  return {
    readMessages: (username, afterId, messagesMax) =>
      place.mailboxes.messages({ username, recipient, session }, afterId, messagesMax),
    removeMessages: (username, throughId) => ({
      gone: 0,
      durable: place.line.acknowledge(username, session, throughId),
    }),
    flush: () => {},
  };
}

// Those with accounts have no index. Only who seems to have too much has all accounts with a session read.
const storedBytesSql = `
SELECT COALESCE(sum(octet_length(sender) + octet_length(body)), 0)::float8 AS bytes FROM (
  SELECT sender, body FROM tandem.messages WHERE sender = $1
  UNION ALL
  SELECT first_sender, first_body FROM tandem.accounts
  WHERE $2 AND session_node IS NOT NULL AND first_sender = $1 AND first_seq > taken_seq
) m`;

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

const shareUseSql = 'SELECT id::float8 AS id, used FROM tandem.share_use($1, $2, $3)';

const banSql = 'INSERT INTO tandem.bans VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING kind';
const unbanSql = 'DELETE FROM tandem.bans WHERE kind = $1 AND target = $2 RETURNING kind';
const bansSql = `
SELECT COALESCE(array_agg(target) FILTER (WHERE kind = 'name'), '{}') AS names,
  COALESCE(array_agg(target) FILTER (WHERE kind = 'network'), '{}') AS networks
FROM tandem.bans`;

// To count many takes a while. What PostgreSQL guesses of them is some percent off.
const countSql = `
SELECT CASE WHEN reltuples < 100000
  THEN (SELECT count(*) FROM tandem.accounts)::float8 ELSE reltuples::float8
END AS accounts
FROM pg_class WHERE oid = 'tandem.accounts'::regclass`;

// Names with the literal beginning of the query are a range of one index; their parts are in another.
const searchSql = `
SELECT username FROM tandem.names
WHERE username LIKE $1 AND username >= $2 AND username < $3 ORDER BY username LIMIT $4`;

// Behind every letter and digit.
const behindAll = '~';
