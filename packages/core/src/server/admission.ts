/** The limits of the connections of a server. Each may be infinite. */
export interface AdmissionLimits {
  /** The most connections at once. */
  readonly connectionsMax: number;
  /** The most connections at once from one address. */
  readonly connectionsPerAddressMax: number;
}

/** The reason of a refusal: the server has as many connections as it may, or the address has. */
export type AdmissionRefusal = 'serverFull' | 'addressFull';

/** Owns the connections that an admission has let in. */
export interface AdmissionOwner<Connection> {
  /** Tells if somebody is logged in there. Such connections are displaced last. */
  hasSession(connection: Connection): boolean;
  /** Ends a connection, whose place another one takes. */
  displace(connection: Connection): void;
}

// The most connections of an address that are looked at for one without a session.
const looksMax = 64;

/**
 * Decides which connections a server takes.
 *
 * A full server still takes a connection while another address has more than its fair part. The
 * address with the most connections then loses one, if it keeps more than the newcomer's address
 * gets. It loses the oldest without a session, if one of its oldest {@link looksMax} has none.
 */
export class Admission<Connection> {
  readonly #limits: AdmissionLimits;
  readonly #owner: AdmissionOwner<Connection>;
  readonly #byAddress = new Map<string, Set<Connection>>();
  /** The addresses that have so many connections. */
  readonly #byCount = new Map<number, Set<string>>();
  #countMax = 0;
  #connections = 0;

  constructor(limits: AdmissionLimits, owner: AdmissionOwner<Connection>) {
    this.#limits = limits;
    this.#owner = owner;
  }

  /** The number of connections. */
  get size(): number {
    return this.#connections;
  }

  /** The connections; those of an address one after the other, the oldest first. */
  *[Symbol.iterator](): Iterator<Connection> {
    for (const ofAddress of this.#byAddress.values()) yield* ofAddress;
  }

  /** Takes a connection, or returns why not. Call {@link leave} when it is gone. */
  enter(address: string, connection: Connection): AdmissionRefusal | undefined {
    const refusal = this.makeRoom(address);
    if (refusal === undefined) this.add(address, connection);
    return refusal;
  }

  /** Makes room for a connection that is to be added at once, or returns why there is none. */
  makeRoom(address: string): AdmissionRefusal | undefined {
    const count = this.#byAddress.get(address)?.size ?? 0;
    if (count >= this.#limits.connectionsPerAddressMax) return 'addressFull';
    if (this.#connections < this.#limits.connectionsMax || this.#displaceFor(count))
      return undefined;
    return 'serverFull';
  }

  /** Takes a connection that there is room for. Call {@link leave} when it is gone. */
  add(address: string, connection: Connection): void {
    const ofAddress = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, ofAddress.add(connection));
    this.#connections++;
    this.#moved(address, ofAddress.size - 1, ofAddress.size);
  }

  /** Forgets a connection that is gone. Does nothing for one that was not taken. May be called twice. */
  leave(address: string, connection: Connection): void {
    const ofAddress = this.#byAddress.get(address);
    if (ofAddress === undefined || !ofAddress.delete(connection)) return;
    if (ofAddress.size === 0) this.#byAddress.delete(address);
    this.#connections--;
    this.#moved(address, ofAddress.size + 1, ofAddress.size);
  }

  /** Displaces a connection, for one of an address that has `count`. Returns false when none has to go. */
  #displaceFor(count: number): boolean {
    if (this.#countMax <= count + 1) return false;
    const [address] = this.#byCount.get(this.#countMax) as Set<string> & [string];
    const loser = this.#loserOf(this.#byAddress.get(address) as Set<Connection>);
    this.leave(address, loser);
    this.#owner.displace(loser);
    return true;
  }

  #loserOf(connections: ReadonlySet<Connection>): Connection {
    let looks = 0;
    for (const connection of connections) {
      if (!this.#owner.hasSession(connection)) return connection;
      if (++looks === looksMax) break;
    }
    return connections.values().next().value as Connection;
  }

  #moved(address: string, from: number, to: number): void {
    const left = this.#byCount.get(from);
    left?.delete(address);
    if (left?.size === 0) this.#byCount.delete(from);
    if (to > 0) this.#byCount.set(to, (this.#byCount.get(to) ?? new Set()).add(address));
    if (to > this.#countMax || !this.#byCount.has(this.#countMax)) this.#countMax = to;
  }
}
