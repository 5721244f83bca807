import {
  type Account,
  type ConnectionAccounts,
  type ConnectionDissector,
  type Dissector,
  WireError,
} from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { takeHead } from './head.ts';

/** Takes HTTP/1.1 apart whose bodies are JSON and have a length. (RFC 9112) */
export function dissectHttp1(accounts: ConnectionAccounts): ConnectionDissector {
  return {
    sent: new Http1Direction(accounts.sent),
    received: new Http1Direction(accounts.received),
  };
}

/** One direction: heads, each with the body that it announces. */
class Http1Direction implements Dissector {
  readonly #account: Account;
  readonly #pending = new PendingBytes();
  /** The length of the body that comes next; undefined where a head does. */
  #bodyBytes: number | undefined;

  constructor(account: Account) {
    this.#account = account;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    while (this.#bodyBytes === undefined ? this.#takeHead() : this.#takeBody(this.#bodyBytes));
  }

  #takeHead(): boolean {
    const head = takeHead(this.#pending);
    if (head === undefined) return false;
    this.#account('http1', head.length);
    const text = head.toString('latin1');
    if (/^transfer-encoding:/im.test(text)) throw new WireError('a body without a length');
    const length = /^content-length: *([0-9]+)/im.exec(text)?.[1];
    this.#bodyBytes = length === undefined ? undefined : Number(length);
    return true;
  }

  #takeBody(bytes: number): boolean {
    const body = this.#pending.take(bytes);
    if (body === undefined) return false;
    this.#bodyBytes = undefined;
    if (bytes > 0) accountJson(body.toString('utf8'), this.#account);
    return true;
  }
}

/** Accounts for a JSON text: the strings that are values are content, everything else is JSON. */
function accountJson(text: string, account: Account): void {
  let content = 0;
  try {
    JSON.parse(text, (_key, value: unknown) => {
      // As it is written, less its quotation marks.
      if (typeof value === 'string') content += Buffer.byteLength(JSON.stringify(value)) - 2;
      return value;
    });
  } catch (error) {
    throw new WireError('a body that is no JSON', { cause: error });
  }
  account('content', content);
  account('json', Buffer.byteLength(text) - content);
}
