import { appendFileSync, fchmodSync, fstatSync, openSync, readSync } from 'node:fs';

/** The most messages that are kept in memory. */
export const messagesKeptMax = 20_000;

/** The most bytes that are read of a file, from its end: those of as many messages, the longest there are. */
const bytesReadMax = 16 * 1024 * 1024;

/** A message that this client has seen, or sent. */
export interface SeenMessage {
  /** The time of its arrival, or of the response to its send, in milliseconds since 1970. */
  readonly at: number;
  /** The user who was logged in. */
  readonly user: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Its send has no response. */
  readonly inDoubt?: boolean;
}

/** The messages that this client has seen and sent, the oldest first; in a file too, where one is named. */
export class MessageHistory {
  #seen: SeenMessage[] = [];
  /** The descriptor of the file; undefined without one, or once it could not be written. */
  #file: number | undefined;

  /**
   * @param file a line of JSON for each message; made with mode 0600, and given that mode
   * @throws an error when the file is no regular one, or the system's where it cannot be read or made
   */
  constructor(file?: string) {
    if (file === undefined) return;
    this.#file = openSync(file, 'a+', 0o600);
    const stats = fstatSync(this.#file);
    if (!stats.isFile()) throw new Error('it is no regular file');
    fchmodSync(this.#file, 0o600);
    const text = readEnd(this.#file, stats.size);
    // What was cut, by a full disk say, has a line of its own.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(this.#file, '\n');
    const lines = text.split('\n').slice(-messagesKeptMax - 1);
    this.#seen = lines.flatMap((line) => parse(line) ?? []);
  }

  /**
   * Keeps a message. It is in the file when this returns; an error is returned, once, where it cannot be
   * written there, and memory goes on without the file.
   */
  add(message: SeenMessage): Error | undefined {
    this.#seen.push(message);
    // Half of them at once, so that not each message moves all others.
    if (this.#seen.length > 2 * messagesKeptMax) this.#seen = this.#seen.slice(-messagesKeptMax);
    if (this.#file === undefined) return undefined;
    try {
      appendFileSync(this.#file, `${JSON.stringify(message)}\n`);
      return undefined;
    } catch (error) {
      this.#file = undefined;
      return error as Error;
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

/** Reads the end of a file. Its first line may be cut. */
function readEnd(file: number, size: number): string {
  const from = Math.max(0, size - bytesReadMax);
  const bytes = Buffer.alloc(size - from);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(file, bytes, length, bytes.length - length, from + length);
    if (read === 0) break;
    length += read;
  }
  return bytes.toString('utf8', 0, length);
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
