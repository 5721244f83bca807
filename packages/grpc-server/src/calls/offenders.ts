// How long an address is remembered after its last offence, and how many of them are.
const rememberedMs = 10 * 60_000;
const addressesMax = 4_096;

/**
 * The addresses of which a connection was ended lately because it broke the rules of HTTP/2, flooded
 * it, or held too much.
 */
export class Offenders {
  /** When each offended last, in that order. */
  readonly #offendedAtMs = new Map<string, number>();

  /** An address has offended now. The one whose last offence is longest ago may be forgotten for it. */
  add(address: string, nowMs: number): void {
    this.#offendedAtMs.delete(address);
    this.#offendedAtMs.set(address, nowMs);
    if (this.#offendedAtMs.size <= addressesMax) return;
    const [oldest] = this.#offendedAtMs.keys();
    this.#offendedAtMs.delete(oldest as string);
  }

  /** Tells whether an address has offended in the last ten minutes. */
  has(address: string, nowMs: number): boolean {
    const atMs = this.#offendedAtMs.get(address);
    if (atMs === undefined) return false;
    if (nowMs - atMs < rememberedMs) return true;
    this.#offendedAtMs.delete(address);
    return false;
  }
}
