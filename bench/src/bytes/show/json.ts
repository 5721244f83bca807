import type { Traffic, WireLedger } from '../ledger.ts';
import { body, names, secrets, unreadMessages } from '../record/content.ts';
import type { ChatOperation } from '../record/script.ts';

const { sender, recipient } = names;
const { secret, newSecret } = secrets;

/** As long as a token to resume with. [P-2.5] */
const token = 't'.repeat(43);

interface Exchange {
  readonly request?: object;
  readonly response?: object;
}

/** The content of each operation of the script as JSON: one object each way. */
const exchanges: Readonly<Record<ChatOperation, Exchange>> = {
  register: { request: { operation: 'register', username: sender }, response: { status: 1 } },
  login: { request: { operation: 'login', username: sender }, response: { status: 8 } },
  search: {
    request: { operation: 'search', query: sender },
    response: { status: 16, usernames: [sender] },
  },
  send: {
    request: { operation: 'send', sender, recipient, body },
    response: { status: 24 },
  },
  incoming: { response: { status: 32, messages: [{ sender, body }] } },
  acknowledge: { request: { operation: 'acknowledge', count: 1 } },
  logout: { request: { operation: 'logout', username: sender }, response: { status: 40 } },
  delete: { request: { operation: 'delete', username: sender }, response: { status: 48 } },
  loginUnread: {
    request: { operation: 'login', username: sender },
    response: { status: 9, messages: Array(unreadMessages).fill({ sender: recipient, body }) },
  },
  registerWithSecret: {
    request: { operation: 'registerWithSecret', username: sender, secret },
    response: { status: 1 },
  },
  loginWithSecret: {
    request: { operation: 'loginWithSecret', username: sender, secret },
    response: { status: 8, token },
  },
  block: {
    request: { operation: 'block', username: sender, name: recipient },
    response: { status: 72 },
  },
  unblock: {
    request: { operation: 'unblock', username: sender, name: recipient },
    response: { status: 80 },
  },
  changeSecret: {
    request: { operation: 'changeSecret', username: sender, secret, newSecret },
    response: { status: 64, token },
  },
  resume: {
    request: { operation: 'resume', username: sender, token, count: 0 },
    response: { status: 8, token },
  },
};

/** The bytes of the operations as JSON, without any framing. */
export function jsonBytes(): WireLedger['json'] {
  return Object.entries(exchanges).map(([operation, { request, response }]) => {
    const bytes: Traffic = { sent: lengthOf(request), received: lengthOf(response) };
    return { operation, bytes };
  });
}

function lengthOf(value: object | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
