import { Limiter, type Rate } from '@tandem/identity';

/**
 * The limits of each user and each address. What is by the minute may all be used at once; it comes back
 * evenly over that time.
 */
export interface UsageLimits {
  /** Accounts that an address makes in a minute. */
  readonly registersPerAddress: number;
  /** Messages that a user sends in a minute. */
  readonly sendsPerUser: number;
  /** Messages that are sent from an address in a minute. */
  readonly sendsPerAddress: number;
  /** Searches from an address in a minute. */
  readonly searchesPerAddress: number;
  /** Bytes of a user's messages, with the sender's name, that wait in mailboxes, all of them together. */
  readonly storedBytesPerUser: number;
}

/** The number of refusals by each limit since the service was opened. */
export type UsageRefusals = Readonly<Record<keyof UsageLimits, number>>;

/** No limit but those of the whole service, as in a process of one's own. */
export const unlimitedUsage: UsageLimits = {
  registersPerAddress: Number.POSITIVE_INFINITY,
  sendsPerUser: Number.POSITIVE_INFINITY,
  sendsPerAddress: Number.POSITIVE_INFINITY,
  searchesPerAddress: Number.POSITIVE_INFINITY,
  storedBytesPerUser: Number.POSITIVE_INFINITY,
};

// A connection takes so many at a time, so that keeping count costs each next to nothing; one where there are
// fewer, so that all can be used.
const takenAtOnce = 32;

const minuteS = 60;

/** Counts what users and addresses use, and says when they may go on. [P-4.12] */
export class Usage {
  readonly #refusals: Record<keyof UsageLimits, number> = {
    registersPerAddress: 0,
    sendsPerUser: 0,
    sendsPerAddress: 0,
    searchesPerAddress: 0,
    storedBytesPerUser: 0,
  };
  readonly #registers: Limit | undefined;
  readonly #sendsOfUsers: Limit | undefined;
  readonly #sends: Limit | undefined;
  readonly #searches: Limit | undefined;
  /** The most bytes of a user's messages that wait in all mailboxes together. */
  readonly storedBytesMax: number;
  readonly #shares: ShareLimits;
  /** The share of every connection where nothing is limited: it never changes. */
  readonly #unlimited: Share | undefined;

  /** @param now the clock, in milliseconds */
  constructor(limits: UsageLimits, now: () => number = () => performance.now()) {
    const limit = (name: keyof UsageLimits) =>
      limitOf(limits[name], now, () => this.#refusals[name]++);
    this.#registers = limit('registersPerAddress');
    this.#sendsOfUsers = limit('sendsPerUser');
    this.#sends = limit('sendsPerAddress');
    this.#searches = limit('searchesPerAddress');
    this.storedBytesMax = limits.storedBytesPerUser;
    this.#shares = {
      ofAddress: this.#sends,
      ofUsers: this.#sendsOfUsers,
      searches: this.#searches,
      now,
    };
    const limited = this.#sends ?? this.#sendsOfUsers ?? this.#searches;
    this.#unlimited = limited === undefined ? new Share('', this.#shares) : undefined;
  }

  /** The number of refusals by each limit. */
  get refusals(): UsageRefusals {
    return this.#refusals;
  }

  /** The limiters that there are, by limit, for whoever shares them with others. */
  get limiters(): Readonly<Partial<Record<keyof UsageLimits, Limiter | undefined>>> {
    return {
      registersPerAddress: this.#registers,
      sendsPerUser: this.#sendsOfUsers,
      sendsPerAddress: this.#sends,
      searchesPerAddress: this.#searches,
    };
  }

  /** Uses a register. Returns 0 when it may be, else the milliseconds after which it may. */
  register(address: string): number {
    return this.#registers?.take(address) ?? 0;
  }

  /** Tells if a message of so many bytes may wait in a mailbox, where so many of its sender do. [P-4.12] */
  mayStore(storedBytes: number, bytes: number): boolean {
    if (storedBytes + bytes <= this.storedBytesMax) return true;
    this.refuseStored();
    return false;
  }

  /** Counts a message that was refused since too many bytes of its sender wait. */
  refuseStored(): void {
    this.#refusals.storedBytesPerUser++;
  }

  /** Returns what a connection has of the share of its address. */
  shareOf(address: string): Share {
    return this.#unlimited ?? new Share(address, this.#shares);
  }
}

/** The limits that shares are of, and their clock. */
interface ShareLimits {
  readonly ofAddress: Limit | undefined;
  readonly ofUsers: Limit | undefined;
  readonly searches: Limit | undefined;
  readonly now: () => number;
}

/** The share of one connection: a part of the limits of its address and its user, taken in advance. */
export class Share {
  readonly #address: string;
  readonly #limits: ShareLimits;
  #sender = '';
  #sends = 0;
  #sendsAtMs = 0;
  #searches = 0;
  #searchesAtMs = 0;

  constructor(address: string, limits: ShareLimits) {
    this.#address = address;
    this.#limits = limits;
  }

  /** Uses a send; see {@link Usage.register}. */
  send(sender: string): number {
    if (this.#sends > 0 && this.#sender === sender) {
      this.#sends--;
      return 0;
    }
    const { ofAddress, ofUsers, now } = this.#limits;
    if (ofAddress === undefined && ofUsers === undefined) return 0;
    // What another sender has left.
    this.#giveBackSends();
    const has = hasMany(ofAddress, this.#address) && hasMany(ofUsers, sender);
    const amount = has ? takenAtOnce : 1;
    const addressMs = ofAddress?.take(this.#address, amount) ?? 0;
    if (addressMs > 0) return addressMs;
    const userMs = ofUsers?.take(sender, amount) ?? 0;
    if (userMs > 0) {
      ofAddress?.giveBack(this.#address, amount);
      return userMs;
    }
    this.#sender = sender;
    this.#sends = amount - 1;
    this.#sendsAtMs = now();
    return 0;
  }

  /** Uses a search; see {@link Usage.register}. */
  search(): number {
    if (this.#searches > 0) {
      this.#searches--;
      return 0;
    }
    const { searches, now } = this.#limits;
    const amount = hasMany(searches, this.#address) ? takenAtOnce : 1;
    const waitMs = searches?.take(this.#address, amount) ?? 0;
    if (waitMs > 0 || searches === undefined) return waitMs;
    this.#searches = amount - 1;
    this.#searchesAtMs = now();
    return 0;
  }

  /** Gives back what was taken in advance and not used: the connection is gone. */
  giveBack(): void {
    this.#giveBackSends();
    const took = { amount: takenAtOnce, atMs: this.#searchesAtMs };
    if (this.#searches > 0) this.#limits.searches?.giveBack(this.#address, this.#searches, took);
    this.#searches = 0;
  }

  #giveBackSends(): void {
    if (this.#sends === 0) return;
    const { ofAddress, ofUsers } = this.#limits;
    const took = { amount: takenAtOnce, atMs: this.#sendsAtMs };
    ofAddress?.giveBack(this.#address, this.#sends, took);
    ofUsers?.giveBack(this.#sender, this.#sends, took);
    this.#sends = 0;
  }
}

/** Tells if a key has as many left as a connection takes at a time. */
function hasMany(limit: Limit | undefined, key: string): boolean {
  return limit === undefined || limit.waitMs(key, takenAtOnce) === 0;
}

/** A limiter that tells of each refusal. */
class Limit extends Limiter {
  readonly #onRefused: () => void;

  constructor(rate: Rate, now: () => number, onRefused: () => void) {
    super(rate, { now });
    this.#onRefused = onRefused;
  }

  override take(key: string, amount?: number): number {
    const waitMs = super.take(key, amount);
    if (waitMs > 0) this.#onRefused();
    return waitMs;
  }
}

function limitOf(count: number, now: () => number, onRefused: () => void): Limit | undefined {
  if (count === Number.POSITIVE_INFINITY) return undefined;
  return new Limit({ burst: count, perSecond: count / minuteS }, now, onRefused);
}
