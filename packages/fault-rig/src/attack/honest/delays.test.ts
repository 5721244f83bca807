import { expect, test } from 'vitest';
import { Delays } from './delays.ts';
import { SelfSent } from './self-sent.ts';

test('a delay counts from the moment at which the request was due', () => {
  const delays = new Delays();
  for (let i = 0; i < 100; i++) {
    delays.ask(10 * i, 10 * i + 1);
    delays.end(10 * i, 10 * i + (i === 99 ? 500 : 2), { kind: 'served' });
  }
  expect(delays.record(2_000)).toEqual({
    asked: 100,
    served: 100,
    refused: {},
    errors: {},
    p50Ms: 2,
    p99Ms: 2,
    worstMs: 500,
    latestMs: 1,
  });
});

test('a request without a response is an error, with the delay that it has now', () => {
  const delays = new Delays();
  delays.ask(0, 0);
  delays.ask(10, 10);
  delays.ask(20, 20);
  delays.end(10, 15, { kind: 'refused', status: 123 });
  delays.end(20, 30, { kind: 'error', code: 'connection-lost' });
  expect(delays.record(1_000)).toMatchObject({
    asked: 3,
    served: 0,
    refused: { 123: 1 },
    errors: { 'connection-lost': 1, unanswered: 1 },
    worstMs: 1_000,
  });
});

test('an empty period has no delays', () => {
  expect(new Delays().record(0)).toMatchObject({ asked: 0, worstMs: 0 });
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
