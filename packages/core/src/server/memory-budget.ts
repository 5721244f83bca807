/** What all connections may hold where nobody says otherwise, in bytes. */
export const defaultMemoryBytesMax: number = 256 * 1024 * 1024;

/** What an answer takes that lists unread messages page by page, in bytes of memory. */
export const unreadPageMemoryBytes: number = 256 * 1024;

/** What an answer takes that lists so many usernames page by page, in bytes of memory. */
export function usernamesMemoryBytes(usernames: number): number {
  return 8 * usernames + 128 * 1024;
}

// One connection may hold this part of the budget at most, however much of it is free.
const connectionsPerBudget = 8;

// When the budget is full, so much of it is made free at once: to look for the greediest takes time.
const roomPerShedding = 16;

/** What the connections of one address hold together. */
interface AddressHoldings {
  bytes: number;
  readonly accounts: Set<MemoryAccount>;
}

/**
 * Bounds what all connections hold together, in bytes, of whatever transport.
 *
 * Each connection has an account. While there is room, everybody gets what they need. When there is
 * none, a connection that holds more than its share is refused, and one that holds less gets room:
 * the connections that hold most, of the address that holds most, lose theirs and are closed. An
 * equal part of the budget is the share of each address, and an equal part of that the share of
 * each of its connections.
 */
export class MemoryBudget {
  /** The most that all accounts hold, in bytes. */
  readonly bytesMax: number;
  /** The most that one account holds, in bytes. */
  readonly connectionBytesMax: number;
  readonly #byAddress = new Map<string, AddressHoldings>();
  #bytes = 0;
  #shedCount = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
    this.connectionBytesMax = Math.floor(bytesMax / connectionsPerBudget);
  }

  /** What all accounts hold, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many connections lost their room so far. */
  get shedCount(): number {
    return this.#shedCount;
  }

  /**
   * Opens the account of a connection; close it with the connection.
   *
   * @param address what stands for one client when shares are counted
   * @param onShed called when others need the room: the connection is to be closed. The account is
   *   closed already
   */
  open(address: string, onShed: () => void): MemoryAccount {
    let holdings = this.#byAddress.get(address);
    if (holdings === undefined) {
      holdings = { bytes: 0, accounts: new Set() };
      this.#byAddress.set(address, holdings);
    }
    const account = new MemoryAccount(this, address, onShed);
    holdings.accounts.add(account);
    return account;
  }

  /** Makes `bytes` free by closing the greediest connections, as far as there are any. */
  shed(bytes: number): void {
    const target = Math.max(0, this.#bytes - bytes);
    while (this.#bytes > target && this.#shedFrom(this.#greediestAddress(), target));
  }

  /** For {@link MemoryAccount}: whether an account may hold so much more. */
  admits(account: MemoryAccount, bytes: number): boolean {
    if (account.bytes + bytes > this.connectionBytesMax) return false;
    if (this.#bytes + bytes <= this.bytesMax) return true;
    const { accounts } = this.#byAddress.get(account.address) as AddressHoldings;
    const share = this.bytesMax / this.#byAddress.size / accounts.size;
    if (account.bytes + bytes > share) return false;
    this.#makeRoom(bytes);
    return !account.closed && this.#bytes + bytes <= this.bytesMax;
  }

  /** For {@link MemoryAccount}: an account holds so much more, or less. */
  changed(account: MemoryAccount, bytes: number): void {
    const holdings = this.#byAddress.get(account.address) as AddressHoldings;
    holdings.bytes += bytes;
    this.#bytes += bytes;
    if (bytes > 0 && this.#bytes > this.bytesMax) this.#makeRoom(0);
  }

  /** For {@link MemoryAccount}: an account is closed. */
  forget(account: MemoryAccount): void {
    const holdings = this.#byAddress.get(account.address);
    if (holdings?.accounts.delete(account) !== true) return;
    holdings.bytes -= account.bytes;
    this.#bytes -= account.bytes;
    if (holdings.accounts.size === 0) this.#byAddress.delete(account.address);
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

/** What one connection holds, in bytes, out of a {@link MemoryBudget}. */
export class MemoryAccount {
  /** What stands for its client when shares are counted. */
  readonly address: string;
  readonly #budget: MemoryBudget;
  readonly #onShed: () => void;
  #bytes = 0;
  #closed = false;

  /** Use {@link MemoryBudget.open}. */
  constructor(budget: MemoryBudget, address: string, onShed: () => void) {
    this.address = address;
    this.#budget = budget;
    this.#onShed = onShed;
  }

  /** What it holds, in bytes; nothing once closed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether its connection is gone, or has to go. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Holds so many bytes more, if there is room; {@link give} them back. Returns false without room. */
  take(bytes: number): boolean {
    if (this.#closed || !this.#budget.admits(this, bytes)) return false;
    this.#change(bytes);
    return true;
  }

  /**
   * Holds so many bytes more, which are there already. Without room the greediest connections are
   * closed, and this one may be among them: it is when it holds more than one connection may.
   */
  charge(bytes: number): void {
    if (this.#closed) return;
    this.#change(bytes);
    if (!this.#closed && this.#bytes > this.#budget.connectionBytesMax) this.shed();
  }

  /** Holds so many bytes less. */
  give(bytes: number): void {
    if (!this.#closed) this.#change(-bytes);
  }

  /** Gives back everything. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#budget.forget(this);
    this.#bytes = 0;
  }

  /** Closes the account, and has the connection closed. */
  shed(): void {
    if (this.#closed) return;
    this.close();
    this.#onShed();
  }

  #change(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.changed(this, bytes);
  }
}
