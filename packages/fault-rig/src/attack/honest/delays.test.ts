import { expect, test } from 'vitest';
import { Delays, type Due } from './delays.ts';
import { SelfSent } from './self-sent.ts';

const at = (atMs: number, waitedMs = 0): Due => ({ atMs, waitedMs });

test('a delay counts from the moment at which the request was due', () => {
  const delays = new Delays();
  for (let i = 0; i < 100; i++) {
    const due = at(10 * i, i);
    delays.ask(due);
    // The worst one waits for its own processor, too.
    const [ms, ownMs] = i === 99 ? [500, 300] : [2, 1];
    delays.end(due, at(10 * i + ms, i + ownMs), { kind: 'served' });
  }
  expect(delays.record(at(2_000, 1_000))).toEqual({
    asked: 100,
    served: 100,
    refused: {},
    errors: {},
    p50Ms: 2,
    p99Ms: 2,
    worstMs: 500,
    worstOwnMs: 300,
  });
});

test('a request without a response is an error, with the delay that it has now', () => {
  const delays = new Delays();
  const [first, second, third] = [at(0), at(10), at(20)];
  for (const due of [first, second, third]) delays.ask(due);
  delays.end(second, at(15), { kind: 'refused', status: 123 });
  delays.end(third, at(30), { kind: 'error', code: 'connection-lost' });
  // The process may have waited before the request was due.
  expect(delays.record(at(1_000, 2_000))).toMatchObject({
    asked: 3,
    served: 0,
    refused: { 123: 1 },
    errors: { 'connection-lost': 1, unanswered: 1 },
    worstMs: 1_000,
    worstOwnMs: 1_000,
  });
});

test('an empty period has no delays', () => {
  expect(new Delays().record(at(0))).toMatchObject({ asked: 0, worstMs: 0, worstOwnMs: 0 });
});

test('messages to oneself that were kept come once each, in order', () => {
  const troublesOf = (play: (sent: SelfSent) => void, ordered = true) => {
    const sent = new SelfSent(ordered);
    for (let i = 0; i < 3; i++) sent.keep(sent.next());
    play(sent);
    return sent.troubles;
  };
  const take =
    (...bodies: string[]) =>
    (sent: SelfSent) => {
      for (const body of bodies) sent.took(body);
    };
  expect(troublesOf(take('0', '1', '2'))).toEqual([]);
  expect(troublesOf(take('0', '2'))).toEqual(['1 of 3 messages that were kept never came']);
  expect(troublesOf(take('0', '1', '1', '2'))).toEqual(['message 1 came twice']);
  expect(troublesOf(take('1', '0', '2'))).toEqual(['message 0 came late']);
  expect(troublesOf(take('1', '0', '2'), false)).toEqual([]);
  expect(troublesOf(take('0', '1', '2', '7'))).toEqual(['a message came that was never sent: 7']);
  const again = (sent: SelfSent) => {
    take('0', '1')(sent);
    sent.reconnected();
    take('1', '2')(sent);
  };
  expect(troublesOf(again)).toEqual([]);
});
