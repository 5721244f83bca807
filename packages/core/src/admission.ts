/** Who may connect. Any of the counts may be infinite. */
export interface AdmissionLimits {
  /** Connections at once. */
  readonly connectionsMax: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddressMax: number;
}

/** Counts connections, and says whether one more may come. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #perAddress = new Map<string, number>();
  #connections = 0;
  #lastWarningMs = Number.NEGATIVE_INFINITY;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Lets a connection from `address` in, if there is room; {@link release} it when it is gone. */
  admit(address: string): boolean {
    const fromAddress = this.#perAddress.get(address) ?? 0;
    if (this.#connections >= this.#limits.connectionsMax) return false;
    if (fromAddress >= this.#limits.connectionsPerAddressMax) return false;
    this.#connections++;
    this.#perAddress.set(address, fromAddress + 1);
    return true;
  }

  /** A connection from `address` that was admitted is gone. */
  release(address: string): void {
    this.#connections--;
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, left);
  }

  /**
   * Whether somebody should be told that connections are refused: at most once a minute, so that a
   * flood of connections does not become a flood of log lines.
   *
   * @param nowMs any clock that does not go back
   */
  warns(nowMs: number): boolean {
    if (nowMs - this.#lastWarningMs < warningIntervalMs) return false;
    this.#lastWarningMs = nowMs;
    return true;
  }
}

const warningIntervalMs = 60_000;
