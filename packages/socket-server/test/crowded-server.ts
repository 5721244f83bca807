// A server process with a million accounts, which it loads from its store. It prints its port.
//
// Their names are as bad for a search as names can be: 50 letters each, the first 43 all `a`, so that
// a query of many `a*` has to look at every letter of every name. Another 250 begin with `b`: as many
// as one step of a search looks at.
import {
  ChatService,
  MemoryStore,
  type StoredAccounts,
  type StoredState,
  textOfNames,
} from '@tandem/chat';
import pino from 'pino';
import { startSocketServer } from '../src/index.ts';

const letters = 'acdefghijklmnopqrstuvwxyz';
const tailChars = 7;
const blockMax = 1_000;

class CrowdedStore extends MemoryStore {
  override async load(): Promise<StoredState> {
    return { accounts: accounts(Number(process.argv[2] ?? 1_000_000)), lastMessageId: 0 };
  }
}

function* accounts(count: number) {
  const many = 'a'.repeat(50 - tailChars);
  for (let i = 0; i < count; i += blockMax) yield block(many, i, Math.min(i + blockMax, count));
  yield block(`b${'a'.repeat(49 - tailChars)}`, 0, 250);
}

function block(beginning: string, from: number, to: number): StoredAccounts {
  const count = to - from;
  const names = Array.from({ length: count }, (_, i) => beginning + tail(from + i));
  return { names: textOfNames(names), count, identified: [], sizes: new Map([[0, count]]) };
}

function tail(number: number): string {
  let digits = '';
  for (let rest = number; digits.length < tailChars; rest = Math.floor(rest / letters.length)) {
    digits = letters[rest % letters.length] + digits;
  }
  return digits;
}

const service = await ChatService.open({ store: new CrowdedStore() });
const logger = pino({ level: 'silent' });
const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger });
process.stdout.write(`${server.port}\n`);
// Whoever started this process ends it, by whatever end.
process.stdin.resume().on('end', () => process.exit(0));
