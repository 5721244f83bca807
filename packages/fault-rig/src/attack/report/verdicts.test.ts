import { expect, test } from 'vitest';
import { record, server } from '../../../test/fixtures/figures.ts';
import type { Attack } from '../attacks/attack.ts';
import { attacksNamed } from '../attacks/index.ts';
import { type Judged, judgeAttack, judgeStop } from './verdicts.ts';

const good: Judged = {
  attack: attacksNamed('ping-flood')[0] as Attack,
  seconds: 10,
  honest: [{ kind: 'framed send', record }],
  server,
  log: { messages: [{ level: 'warn', message: 'full', lines: 3 }], foreign: [], bytes: 100 },
};

function failed(change: Partial<Judged>): string[] {
  return judgeAttack({ ...good, ...change })
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);
}

test('an attack that costs little passes', () => {
  expect(failed({})).toEqual([]);
});

test.each<[string, Partial<Judged>]>([
  ['delay', { honest: [{ kind: 'framed send', record: { ...record, worstMs: 101 } }] }],
  ['served', { honest: [{ kind: 'framed send', record: { ...record, served: 9 } }] }],
  ['peak', { server: { ...server, rssPeakBytes: 301_000_000 } }],
  ['memory', { server: { ...server, rssAfterBytes: 201_000_000 } }],
  ['log', { log: { messages: [], foreign: ['(node:1) Warning'], bytes: 10 } }],
  ['log', { log: { ...good.log, messages: [{ level: 'error', message: 'x', lines: 1 }] } }],
  ['log', { log: { ...good.log, messages: [{ level: 'info', message: 'x', lines: 41 }] } }],
])('fails for its %s', (name, change) => {
  expect(failed(change)).toEqual([name]);
});

test('a long search may be slow, and clients that may be refused do not count', () => {
  const late = { ...record, worstMs: 5_000 };
  expect(failed({ honest: [{ kind: 'unary long-search', record: late }] })).toEqual([]);
  const attack: Attack = { ...good.attack, mayBeRefused: ['framed connect'] };
  const refused = { kind: 'framed connect', record: { ...late, served: 0 } } as const;
  expect(failed({ attack, honest: [refused] })).toEqual([]);
});

test('a stop must be in time, without a kill, with exit code 0', () => {
  const exit = { code: 0, signal: null };
  expect(judgeStop(exit, 6_900, 5_000, undefined).passed).toBe(true);
  expect(judgeStop(exit, 7_100, 5_000, undefined).passed).toBe(false);
  expect(judgeStop({ code: 1, signal: null }, 100, 5_000, undefined).passed).toBe(false);
  expect(judgeStop(undefined, 100, 5_000, undefined).passed).toBe(false);
  expect(judgeStop(exit, 100, 5_000, 'ended by itself').passed).toBe(false);
});
