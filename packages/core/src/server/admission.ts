/** Who may connect. Any of the counts may be infinite. */
export interface AdmissionLimits {
  /** Connections at once. */
  readonly connectionsMax: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddressMax: number;
}

/** Why a connection was refused: the server is full, or its address has as many as it may. */
export type AdmissionRefusal = 'serverFull' | 'addressFull';

/** What an admission knows of the connections that it has let in. */
export interface AdmissionOwner<Connection> {
  /** Whether somebody is logged in there: those go last. */
  hasSession(connection: Connection): boolean;
  /** Another connection takes its place: it has to end. */
  displace(connection: Connection): void;
}

// How many connections of an address are looked at for one without a session.
const looksMax = 64;

/**
 * Says who may come when there is room for so many.
 *
 * A full server is no reason to refuse somebody while another address has more than a fair part:
 * the address that has most connections loses one, if it keeps more than the newcomer's address has
 * then. It loses the oldest that has no session, if there is one among its oldest ones.
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

  /** Lets a connection in, or says why not; {@link leave} when it is gone. */
  enter(address: string, connection: Connection): AdmissionRefusal | undefined {
    const count = this.#byAddress.get(address)?.size ?? 0;
    if (count >= this.#limits.connectionsPerAddressMax) return 'addressFull';
    if (this.#connections >= this.#limits.connectionsMax && !this.#makeRoom(count)) {
      return 'serverFull';
    }
    const ofAddress = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, ofAddress.add(connection));
    this.#connections++;
    this.#moved(address, count, count + 1);
    return undefined;
  }

  /** A connection is gone. Does nothing for one that is not in, or no more. */
  leave(address: string, connection: Connection): void {
    const ofAddress = this.#byAddress.get(address);
    if (ofAddress === undefined || !ofAddress.delete(connection)) return;
    if (ofAddress.size === 0) this.#byAddress.delete(address);
    this.#connections--;
    this.#moved(address, ofAddress.size + 1, ofAddress.size);
  }

  /** Makes room for one of an address that has `count`. */
  #makeRoom(count: number): boolean {
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
