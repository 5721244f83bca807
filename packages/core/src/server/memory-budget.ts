import { PlacedSet } from './placed-set.ts';

/** The default limit of the memory of all connections together, in bytes. */
export const defaultMemoryBytesMax: number = 256 * 1024 * 1024;

/** The memory that a response takes which lists unread messages page by page, in bytes. */
export const unreadPageMemoryBytes: number = 256 * 1024;

/** The memory that each message takes which went to a client and is not acknowledged, in bytes. */
export const inFlightMemoryBytes: number = 12;

/**
 * Returns the memory that a response takes which lists usernames page by page, in bytes: texts of all of them,
 * and pages.
 *
 * @param usernames the bytes of the names, and the number of them
 */
export function usernamesMemoryBytes(usernames: {
  readonly bytes: number;
  readonly length: number;
}): number {
  return usernames.bytes + usernames.length + 128 * 1024;
}

// One connection may hold at most this part of the budget, however much of it is free.
const connectionsPerBudget = 8;

// A full budget gets this part of it free at once: the search for the greediest connection takes time.
const roomPerShedding = 16;

/** Owns a {@link MemoryAccount}. */
export interface MemoryOwner {
  /** Closes the connection, since others need the memory. Its account is closed already. */
  giveWayForMemory(): void;
}

/** The memory of the connections of one address. */
interface AddressHoldings {
  readonly budget: MemoryBudget;
  readonly address: string;
  bytes: number;
  readonly accounts: PlacedSet<MemoryAccount>;
}

/**
 * Bounds the memory of all connections together, of every transport.
 *
 * Each connection has an account. While there is room, every connection gets what it needs. When the
 * budget is full, a connection that holds more than its share is refused. One that holds less gets
 * room: the budget closes the connections that hold most, of the address that holds most. Each
 * address has an equal share of the budget, and each of its connections an equal share of that.
 */
export class MemoryBudget {
  /** The limit of all accounts together, in bytes. */
  readonly bytesMax: number;
  /** The limit of one account, in bytes. */
  readonly connectionBytesMax: number;
  readonly #byAddress = new Map<string, AddressHoldings>();
  #bytes = 0;
  #shedCount = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
    this.connectionBytesMax = Math.floor(bytesMax / connectionsPerBudget);
  }

  /** The memory of all accounts, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of connections that were closed for their memory so far. */
  get shedCount(): number {
    return this.#shedCount;
  }

  /**
   * Opens the account of a connection; close it with the connection.
   *
   * @param address the address whose share it uses
   * @param owner told when others need the memory; may be set later
   */
  open(address: string, owner?: MemoryOwner): MemoryAccount {
    let holdings = this.#byAddress.get(address);
    if (holdings === undefined) {
      holdings = { budget: this, address, bytes: 0, accounts: new PlacedSet() };
      this.#byAddress.set(address, holdings);
    }
    const account = new MemoryAccount(holdings, owner);
    holdings.accounts.add(account);
    return account;
  }

  /** Closes the greediest connections until `bytes` are free, or none is left. */
  shed(bytes: number): void {
    const target = Math.max(0, this.#bytes - bytes);
    while (this.#bytes > target && this.#shedFrom(this.#greediestAddress(), target));
  }

  /** Tells if an account may hold so much more. For {@link MemoryAccount}. */
  admits(account: MemoryAccount, bytes: number): boolean {
    if (account.bytes + bytes > this.connectionBytesMax) return false;
    if (this.#bytes + bytes <= this.bytesMax) return true;
    const { accounts } = account.holdings;
    const share = this.bytesMax / this.#byAddress.size / accounts.size;
    if (account.bytes + bytes > share) return false;
    this.#makeRoom(bytes);
    return !account.closed && this.#bytes + bytes <= this.bytesMax;
  }

  /** Counts what an account holds more, or less. For {@link MemoryAccount}. */
  changed(account: MemoryAccount, bytes: number): void {
    account.holdings.bytes += bytes;
    this.#bytes += bytes;
    if (bytes > 0 && this.#bytes > this.bytesMax) this.#makeRoom(0);
  }

  /** Forgets an account that is being closed. For {@link MemoryAccount}. */
  forget(account: MemoryAccount): void {
    const { holdings } = account;
    holdings.accounts.delete(account);
    holdings.bytes -= account.bytes;
    this.#bytes -= account.bytes;
    if (holdings.accounts.size === 0) this.#byAddress.delete(holdings.address);
  }

  #makeRoom(bytes: number): void {
    this.shed(this.#bytes + bytes - this.bytesMax + this.bytesMax / roomPerShedding);
  }

  #greediestAddress(): AddressHoldings | undefined {
    let greediest: AddressHoldings | undefined;
    for (const holdings of this.#byAddress.values()) {
      if (greediest === undefined || holdings.bytes > greediest.bytes) greediest = holdings;
    }
    return greediest;
  }

  /** Closes connections of one address until the target is reached, or another address holds more. */
  #shedFrom(greediest: AddressHoldings | undefined, target: number): boolean {
    if (greediest === undefined) return false;
    const share = this.bytesMax / this.#byAddress.size;
    const accounts = [...greediest.accounts].sort((a, b) => b.bytes - a.bytes);
    for (const [index, account] of accounts.entries()) {
      if (index > 0 && (this.#bytes <= target || greediest.bytes <= share)) break;
      this.#shedCount++;
      account.shed();
    }
    return true;
  }
}

/**
 * The memory of one connection, out of a {@link MemoryBudget}. There are as many as connections, so it
 * holds little.
 */
export class MemoryAccount {
  /** The memory of all connections of its address. For {@link MemoryBudget}. */
  readonly holdings: AddressHoldings;
  /** Told when others need the memory. */
  owner: MemoryOwner | undefined;
  /** Its place among the accounts of its address; -1 once closed. For {@link MemoryBudget}. */
  place = -1;
  #bytes = 0;

  /** Use {@link MemoryBudget.open}. */
  constructor(holdings: AddressHoldings, owner: MemoryOwner | undefined) {
    this.holdings = holdings;
    this.owner = owner;
  }

  /** The address whose share it uses: one string for all its connections. */
  get address(): string {
    return this.holdings.address;
  }

  /** The memory that the connection holds, in bytes; 0 once closed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Tells if its connection is closed, or about to be. */
  get closed(): boolean {
    return this.place === -1;
  }

  /** Takes so many bytes, to be given back by {@link give}. Returns false when there is no room. */
  take(bytes: number): boolean {
    if (this.closed || !this.holdings.budget.admits(this, bytes)) return false;
    this.charge(bytes);
    return true;
  }

  /**
   * Takes so many bytes that are in use already. When there is no room, the greediest connections are
   * closed. This one is among them when it holds more than one connection may.
   */
  charge(bytes: number): void {
    if (this.closed) return;
    this.#bytes += bytes;
    this.holdings.budget.changed(this, bytes);
    if (!this.closed && this.#bytes > this.holdings.budget.connectionBytesMax) this.shed();
  }

  /** Gives so many bytes back. */
  give(bytes: number): void {
    if (this.closed) return;
    this.#bytes -= bytes;
    this.holdings.budget.changed(this, -bytes);
  }

  /** Gives back everything. May be called twice. */
  close(): void {
    if (this.closed) return;
    this.holdings.budget.forget(this);
    this.place = -1;
    this.#bytes = 0;
  }

  /** Closes the account, and has the connection closed. */
  shed(): void {
    if (this.closed) return;
    this.close();
    this.owner?.giveWayForMemory();
  }
}
