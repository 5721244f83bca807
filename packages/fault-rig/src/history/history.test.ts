import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CallEvent } from './event.ts';
import { historyOf } from './history.ts';
import { Journal, readJournal } from './journal.ts';

const call: CallEvent = {
  kind: 'call',
  atMs: 2,
  id: 'c1-1',
  name: 'login',
  transport: 'unary',
  user: 'ann',
  session: '',
};

test('puts the events of several processes in the order of time', () => {
  const history = historyOf([
    { kind: 'response', atMs: 5, id: 'c1-1', status: 9, unread: 3 },
    { kind: 'took', atMs: 7, session: 'c1-1', user: 'ann', sender: 'bob', message: 'm2' },
    { kind: 'took', atMs: 6, session: 'c1-1', user: 'ann', sender: 'bob', message: 'm1' },
    { ...call, atMs: 3, id: 'c2-1' },
    call,
    { kind: 'broken', atMs: 8, id: 'c2-1', code: 'connection-lost' },
  ]);
  expect(history.takings.map(({ message }) => message)).toEqual(['m1', 'm2']);
  expect(history.operations).toMatchObject([
    { id: 'c1-1', startMs: 2, endMs: 5, status: 9, unread: 3 },
    { id: 'c2-1', startMs: 3, endMs: Number.POSITIVE_INFINITY, status: undefined },
  ]);
});

test('names a response without a request', () => {
  expect(() => historyOf([{ kind: 'response', atMs: 1, id: 'c9-1', status: 1 }])).toThrow('c9-1');
});

test('reads the events that were written, and drops a line that was cut off', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'journal.jsonl');
  const journal = new Journal(path);
  journal.write(call);
  journal.close();
  const again = new Journal(path);
  again.write({ ...call, id: 'c1-2' });
  again.close();
  appendFileSync(path, '{"kind":"ca');
  expect(readJournal(path)).toEqual([call, { ...call, id: 'c1-2' }]);
});
