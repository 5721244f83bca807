import { EventEmitter } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { PlacedSet, TeardownQueue } from '@tandem/core/server';
import { expect, it } from 'vitest';
import { OpenCall } from './open-call.ts';

const drainTimeoutMs = 1_000;

class Owner {
  readonly account = { take: () => true, charge: () => {}, give: () => {} };
  readonly allowance = { arrived: () => {}, update: () => {} };
  readonly teardown = new TeardownQueue();
  readonly calls = new PlacedSet<OpenCall>();
  callsWaiting = 0;
  messageBytesCame = () => {};
  partCame = () => {};
  callsStaying = 0;
  tookAtMs = 0;
  took = () => {};
}

/** A stream whose response waits for its client. */
class Stream extends EventEmitter {
  writableLength = 1;
}

function open(owner: Owner): { call: OpenCall; stream: Stream } {
  const stream = new Stream();
  const call = OpenCall.open(owner, stream as unknown as ServerHttp2Stream, 0) as OpenCall;
  return { call, stream };
}

it('is unread when its response has waited for as long as it may', () => {
  const { call, stream } = open(new Owner());
  expect([0, 999].map((ms) => call.isUnread(ms, drainTimeoutMs))).toEqual([false, false]);
  expect(call.isUnread(1_000, drainTimeoutMs)).toBe(true);
  stream.writableLength = 0;
  expect(call.isUnread(1_000, drainTimeoutMs)).toBe(false);
});

it('is not unread when its client has taken what waited before', () => {
  const { call, stream } = open(new Owner());
  const unread = (ms: number) => call.isUnread(ms, drainTimeoutMs);
  expect(unread(0)).toBe(false);
  stream.writableLength = 0;
  expect(unread(500)).toBe(false);
  stream.writableLength = 1;
  expect([60_000, 60_999, 61_000].map(unread)).toEqual([false, false, true]);
});

it('is not unread while its client takes other responses that have waited', () => {
  const owner = new Owner();
  const [first, second, third] = [open(owner), open(owner), open(owner)];
  expect([first, second].map(({ call }) => call.isUnread(0, drainTimeoutMs))).toEqual([
    false,
    false,
  ]);
  // This one has not waited.
  third.stream.emit('close');
  expect(owner.tookAtMs).toBe(0);
  second.stream.emit('close');
  const { tookAtMs } = owner;
  expect(tookAtMs).toBeGreaterThan(0);
  const unread = (ms: number) => first.call.isUnread(tookAtMs + ms, drainTimeoutMs);
  expect([unread(999), unread(1_001)]).toEqual([false, true]);
});
