import { body, names } from './content.ts';
import type { Traffic, WireLedger } from './ledger.ts';

const { sender, recipient } = names;

/** The content of each operation of the script as JSON: one object each way. */
const exchanges: Readonly<Record<string, { readonly request?: object; readonly answer?: object }>> =
  {
    register: { request: { operation: 'register', username: sender }, answer: { status: 1 } },
    login: { request: { operation: 'login', username: sender }, answer: { status: 8 } },
    search: {
      request: { operation: 'search', query: sender },
      answer: { status: 16, usernames: [sender] },
    },
    send: {
      request: { operation: 'send', sender, recipient, body },
      answer: { status: 24 },
    },
    incoming: { answer: { status: 32, messages: [{ sender, body }] } },
    acknowledge: { request: { operation: 'acknowledge', count: 1 } },
    logout: { request: { operation: 'logout', username: sender }, answer: { status: 40 } },
    delete: { request: { operation: 'delete', username: sender }, answer: { status: 48 } },
  };

/** The bytes of the operations as JSON, without any framing. */
export function jsonBytes(): WireLedger['json'] {
  return Object.entries(exchanges).map(([operation, { request, answer }]) => {
    const bytes: Traffic = { sent: lengthOf(request), received: lengthOf(answer) };
    return { operation, bytes };
  });
}

function lengthOf(value: object | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
