import { type ChatClient, Status } from '@tandem/core';

/** The time for which names that were found serve further questions, those of a second Tab say, in milliseconds. */
const freshMs = 3_000;

/** The longest time that somebody who pressed Tab waits for the server, in milliseconds. */
const patienceMs = 1_000;

/** Usernames that the server found, and for which beginning. */
interface Found {
  readonly beginning: string;
  readonly usernames: readonly string[];
  /** The server has more of them. */
  readonly cut: boolean;
  readonly atMs: number;
}

/**
 * Asks the server for usernames, one question at a time, for Tab: never fails, and never lets its
 * user wait for long. What it cannot say at once or in time, it does not know.
 */
export class NameLookup {
  readonly #client: Pick<ChatClient, 'search'>;
  #found: Found | undefined;
  #underWay: { readonly beginning: string; readonly names: Promise<readonly string[]> } | undefined;

  constructor(client: Pick<ChatClient, 'search'>) {
    this.#client = client;
  }

  /** Returns usernames, those among them that begin so; none when the server does not say. */
  async find(beginning: string): Promise<readonly string[]> {
    if (this.#knows(beginning)) return this.#found?.usernames ?? [];
    this.#underWay ??= { beginning, names: this.#ask(beginning) };
    if (this.#underWay.beginning !== beginning) return [];
    return inTime(this.#underWay.names);
  }

  #knows(beginning: string): boolean {
    if (this.#found === undefined || performance.now() - this.#found.atMs > freshMs) return false;
    const { cut, beginning: known } = this.#found;
    return cut ? beginning === known : beginning.startsWith(known);
  }

  async #ask(beginning: string): Promise<readonly string[]> {
    try {
      const outcome = await this.#client.search(`${beginning}*`);
      const usernames = 'usernames' in outcome ? outcome.usernames : [];
      if ('usernames' in outcome || outcome.status === Status.notFound) {
        const cut = outcome.status === Status.foundCut;
        this.#found = { beginning, usernames, cut, atMs: performance.now() };
      }
      return usernames;
    } catch {
      // The connection is over, and whoever watches it says so.
      return [];
    } finally {
      this.#underWay = undefined;
    }
  }
}

async function inTime(names: Promise<readonly string[]>): Promise<readonly string[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => resolve([]), patienceMs);
  const inTime = await Promise.race([names, late]);
  clearTimeout(timer);
  return inTime;
}
