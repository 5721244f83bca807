import { appendFileSync, chmodSync, closeSync, openSync, readFileSync } from 'node:fs';

/** The most messages that are kept in memory. */
export const messagesKeptMax = 20_000;

/** A message that this client has seen, or sent. */
export interface SeenMessage {
  /** The time of its arrival, or of the answer to its send, in milliseconds since 1970. */
  readonly at: number;
  /** The user who was logged in. */
  readonly user: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Its send was not answered. */
  readonly inDoubt?: boolean;
}

/** The messages that this client has seen and sent, the oldest first; in a file too, where one is named. */
export class MessageHistory {
  #seen: SeenMessage[] = [];
  #file: string | undefined;
  readonly #onError: (error: Error) => void;

  /**
   * @param file a line of JSON for each message; made with mode 0600, and given that mode
   * @param onError called once when the file cannot be written; memory goes on without it
   * @throws the system's error when the file cannot be read or made
   */
  constructor(file: string | undefined, onError: (error: Error) => void) {
    this.#file = file;
    this.#onError = onError;
    if (file === undefined) return;
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .slice(-messagesKeptMax - 1);
    this.#seen = lines.flatMap((line) => parse(line) ?? []);
  }

  /** Keeps a message. It is in the file when this returns. */
  add(message: SeenMessage): void {
    this.#seen.push(message);
    // Half of them at once, so that not each message moves all others.
    if (this.#seen.length > 2 * messagesKeptMax) this.#seen = this.#seen.slice(-messagesKeptMax);
    if (this.#file === undefined) return;
    try {
      appendFileSync(this.#file, `${JSON.stringify(message)}\n`);
    } catch (error) {
      this.#file = undefined;
      this.#onError(error as Error);
    }
  }

  /** Returns the messages that this user has seen and sent, or those of one correspondent. */
  of(user: string | undefined, name?: string): SeenMessage[] {
    return this.#seen
      .slice(-messagesKeptMax)
      .filter((each) => user === undefined || each.user === user)
      .filter(({ from, to }) => name === undefined || from === name || to === name);
  }
}

/** Reads a line of the file; undefined where it is none, such as one that was cut by a full disk. */
function parse(line: string): SeenMessage | undefined {
  try {
    const { at, user, from, to, body, inDoubt } = JSON.parse(line);
    const texts = [user, from, to, body];
    if (typeof at !== 'number' || texts.some((text) => typeof text !== 'string')) return undefined;
    return { at, user, from, to, body, ...(inDoubt === true ? { inDoubt } : {}) };
  } catch {
    return undefined;
  }
}
