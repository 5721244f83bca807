import { type DeleteOutcome, type RegisterOutcome, type SendOutcome, Status } from '@tandem/core';
import { makeToken, tokenHash } from '@tandem/identity';
import { type Asker, type Origin, originOfItsOwn } from '../../scheduling/fair-queue.ts';
import { OneByOne } from '../../scheduling/one-by-one.ts';
import { Scheduler } from '../../scheduling/scheduler.ts';
import type { UseScale } from '../../scheduling/waiting-places.ts';
import type { SearchResult } from '../../search/search.ts';
import type { Administration } from '../../service/administration.ts';
import type { Begun, Operations, Resumed } from '../../service/backend.ts';
import { type Chat, ChatBase, type ChatOptions } from '../../service/chat.ts';
import type { Receiver, Session } from '../../service/session.ts';
import { StoreError } from '../../store/store-error.ts';
import type { NodeReport } from '../place/lease-keeper.ts';
import { defaultNodeTimes, type NodeTimes, type Place } from '../place/place.ts';
import { PlaceKeeper } from '../place/place-keeper.ts';
import type { Step } from '../traffic/line.ts';
import type { StepOutcome } from '../traffic/traffic.ts';
import { changeBan, type NodeBans, readBans } from './bans.ts';
import { type Claim, Claims } from './claims.ts';
import { Cluster } from './cluster.ts';
import { countAccounts, findNames } from './names.ts';
import type { Node, ReadOptions } from './node.ts';
import { PostgresAdministration } from './postgres-administration.ts';
import { PostgresIdentity } from './postgres-identity.ts';

/** The options of a chat service on PostgreSQL. */
export interface PostgresServiceOptions extends ChatOptions {
  /** The address of the database, a URL that begins with `postgres:` or `postgresql:`. */
  readonly url: string;
  /** Told who is banned: at the opening, and some seconds after another node has changed that. */
  readonly onBans?: (bans: NodeBans) => void;
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

/**
 * A chat service whose accounts, sessions and mailboxes are in a PostgreSQL that other nodes share.
 *
 * Every operation that changes something is a write in the node's {@link Line}, decided in the database by
 * one function, so that all nodes have one order. In memory are the sessions of this node alone. A node
 * that loses its place ends them, takes another place as soon as it can, and can do nothing until then.
 */
export class PostgresService extends ChatBase implements Chat, Operations, Node {
  readonly scheduler: Scheduler = new Scheduler();
  readonly identity: PostgresIdentity;
  readonly administration: Administration;
  /** All nodes, for an operator. */
  readonly cluster: Cluster;
  readonly #options: PostgresServiceOptions;
  readonly #searches: OneByOne;
  readonly #claims: Claims;
  readonly #places: PlaceKeeper;
  #accountCount = 0;
  #closed: Promise<void> | undefined;

  private constructor(options: PostgresServiceOptions) {
    super(options);
    this.#options = options;
    this.#searches = new OneByOne(searchUse, this.limits.searchesWaitingMax, this.isUser);
    this.identity = new PostgresIdentity(this, this.secrets, this.resumeMs);
    this.administration = new PostgresAdministration(this);
    this.#claims = new Claims({
      limits: this.limits,
      counts: this.counts,
      scheduler: this.scheduler,
      storedBytesMax: this.usage.storedBytesMax,
      onError: this.#onError,
    });
    const times = { ...defaultNodeTimes, ...options.times };
    this.cluster = new Cluster(this, times.liveMs);
    this.#places = new PlaceKeeper({
      url: options.url,
      mailboxMessagesMax: this.limits.mailboxMessagesMax,
      times,
      isUser: this.isUser,
      report: () => ({ ...(options.report?.() ?? noReport), sessions: this.#claims.size }),
      look: (place) => this.#look(place),
      limiters: { ...this.usage.limiters, ...this.secrets.limiters },
      onDrain: () => options.onDrain?.(),
      onHint: (session, hint) => this.#claims.takeHint(session, hint),
      onLost: (error) => this.#claims.failAll(error),
      onFatal: (error) => options.onFatal?.(error),
      onNotice: (notice) => options.onNotice?.(notice),
      onError: this.#onError,
      onWritten: () => options.onWritten?.(),
    });
  }

  /** Opens a node. Rejects with a {@link StoreError} when the database cannot be used. */
  static async open(options: PostgresServiceOptions): Promise<PostgresService> {
    const service = new PostgresService(options);
    try {
      await service.#places.take();
      return service;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  /** The number of this node; undefined while it has no place. */
  get node(): number | undefined {
    return this.#places.place?.node;
  }

  get available(): boolean {
    return this.#places.place !== undefined;
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
    return this.#claims.sessions;
  }

  close(): Promise<void> {
    this.#places.stop();
    this.#claims.endAll();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.secrets.close();
    await this.#places.leave();
  }

  async create(
    username: string,
    secret: string | undefined,
    origin: Origin,
  ): Promise<RegisterOutcome> {
    const refusal = this.secrets.refusalOf(username, secret);
    if (refusal !== undefined) return { status: refusal };
    const full = this.#accountCount >= this.limits.accountsMax;
    if (secret === undefined) return this.#register({ do: 'register', username, full }, origin);
    // Not hashed for nothing.
    if (await this.has(username, origin)) return { status: Status.usernameTaken };
    // Carried out though the client may be gone. [P-6.8]
    const phc = await this.secrets.hash(secret, { origin, isGone: () => false });
    if (typeof phc === 'number') return { status: phc };
    return this.#register({ do: 'register', username, full, secret: phc }, origin);
  }

  async #register(step: Step, origin: Origin): Promise<RegisterOutcome> {
    const [status] = await this.carryOut(step, origin);
    // Until the next look counts all.
    if (status === Status.registered) this.#accountCount++;
    return { status } as RegisterOutcome;
  }

  async has(username: string, origin: Origin): Promise<boolean> {
    const text = 'SELECT FROM tandem.accounts WHERE username = $1';
    return (await this.read('has', text, [username], { after: origin })).length > 0;
  }

  async beginSession(
    username: string,
    receiver: Receiver,
    proof?: string,
    origin = originOfItsOwn(),
  ): Promise<Begun> {
    const token = proof === undefined ? undefined : makeToken();
    const place = this.#places.need();
    const step = {
      do: 'claim',
      username,
      proof,
      token: token && tokenHash(token),
      tokenMs: this.resumeMs,
    } as const;
    const outcome = await this.carryOut(step, origin);
    if (outcome[0] !== Status.loggedIn) return outcome[0] as Exclude<Begun, Session>;
    return this.#claims.begin(place, { username, receiver, origin, token }, outcome);
  }

  async resumeSession(
    username: string,
    token: string,
    count: number,
    receiver: Receiver,
    origin = originOfItsOwn(),
  ): Promise<Resumed> {
    const [used, next] = [tokenHash(token), makeToken()];
    const place = this.#places.need();
    const step = {
      do: 'resume',
      username,
      used,
      count,
      token: tokenHash(next),
      tokenMs: this.resumeMs,
    } as const;
    const outcome = await this.carryOut(step, origin);
    if (outcome[0] !== Status.loggedIn) return outcome[0] as Exclude<Resumed, object>;
    const [, , , , , , before, number] = outcome;
    this.tellEnd(before, number, 'resumed');
    const beginning = { username, receiver, origin, token: next };
    const session = this.#claims.begin(place, beginning, outcome);
    return { session, used, forgotten: undefined };
  }

  // Every response waits for its own commit.
  settled(): undefined {
    return undefined;
  }

  search(query: string, asker: Asker): Promise<SearchResult | undefined> {
    return this.#searches.ask(asker, () => this.#find(query, asker.origin));
  }

  async #find(query: string, origin: Origin): Promise<SearchResult> {
    const place = this.#places.need();
    await place.line.settled(origin);
    return this.#failing(findNames(place, query));
  }

  async post(
    sender: string,
    recipient: string,
    body: string,
    session: Session,
  ): Promise<SendOutcome> {
    const { place, number: from, stored, origin } = this.claimOf(session);
    const send = { sender, session: from, recipient, body };
    const bytes = sender.length + body.length;
    let outcome: StepOutcome;
    try {
      outcome = await stored.write(bytes, (over) => place.line.send({ ...send, over }, origin));
    } catch (error) {
      this.#onError(error);
      return { status: Status.sendFailed };
    }
    const [status, id, node, number] = outcome as readonly [number, number, number, number];
    if (status === Status.stored || status === Status.delivered) this.counts.stored++;
    if (status === Status.tooBusy) this.usage.refuseStored();
    if (status === Status.delivered) {
      if (node === place.node) this.#claims.arrived(number, { id, sender, body });
      else place.hints.tell(node, number, id);
    }
    return { status } as SendOutcome;
  }

  sendWaits(session: Session): boolean {
    return this.claimOf(session).stored.deciding;
  }

  mayOwe(origin: Origin, owed: number): boolean {
    return this.#places.place?.line.mayOwe(origin, owed) ?? true;
  }

  async delete(session: Session): Promise<DeleteOutcome> {
    const claim = this.claimOf(session);
    claim.over = true;
    const { username, number, origin } = claim;
    const deleted = this.carryOut({ do: 'delete', username, session: number }, origin);
    session.end();
    const [status] = await deleted;
    if (status === Status.deleted) this.#accountCount--;
    return { status } as DeleteOutcome;
  }

  claimOf(session: Session): Claim {
    return this.#claims.of(session);
  }

  /** Bans a user or a network at all nodes, or ends that. Resolves with false when that changes nothing. */
  async changeBan(kind: 'name' | 'network', key: string, banned: boolean): Promise<boolean> {
    const place = this.#places.need();
    const changed = await this.#failing(changeBan(place, kind, key, banned));
    await this.#readBans(place);
    return changed;
  }

  async #readBans(place: Place): Promise<void> {
    const bans = await this.#failing(readBans(place));
    if (bans !== undefined) this.#options.onBans?.(bans);
  }

  carryOut(step: Step, origin: Origin): Promise<StepOutcome> {
    return this.#failing(this.#places.need().line.carryOut(step, origin));
  }

  async read<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
    { after, slow = false }: ReadOptions = {},
  ): Promise<Row[]> {
    const place = this.#places.need();
    if (after !== undefined) await place.line.settled(after);
    return this.#failing(
      slow ? place.search<Row>(name, text, values) : place.read<Row>(name, text, values),
    );
  }

  /** Tells `onStoreError` when that fails. */
  #failing<Result>(result: Promise<Result>): Promise<Result> {
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
    const { place } = this.#places;
    if (node === place?.node) this.#claims.end(number, end);
    else place?.hints.tell(node, number, end);
  }

  /** Looks for what no hint has told: of sessions, and of what all nodes know together. */
  async #look(place: Place): Promise<void> {
    await this.#claims.look(place);
    this.#accountCount = await countAccounts(place);
    await this.#readBans(place);
    await place.lookAtServer();
  }
}

/** The report of a node that only a program has. */
const noReport: NodeReport = { version: '', state: 'serving', addresses: {}, clients: 0 };
