import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { Scheduler } from '@tandem/chat';
import { PlacedSet } from '@tandem/core/server';
import { expect, it } from 'vitest';
import { CallGate } from './call-gate.ts';

/** A gate whose connection has a call with these headers that waits while another client has the turn. */
function waitingCall(headers: Record<string, string> = {}) {
  const scheduler = new Scheduler();
  const gate = new CallGate(
    { metadataBytesMax: 8_192, messageTimeoutMs: 10_000, requestBytesMax: 4_096 },
    scheduler,
  );
  const begun: unknown[] = [];
  const metadata: Metadata[] = [];
  gate.open((stream, needed) => {
    begun.push(stream);
    metadata.push(Metadata.fromHttp2Headers(needed));
  });
  const rawHeaders = Object.entries(headers).flat();
  const connection = {
    address: 'somebody',
    ending: false,
    paced: false,
    allowance: { admit: () => 'admitted', update() {}, arrived() {} },
    flood: { useful() {} },
    account: { take: () => true, give() {} },
    calls: new PlacedSet(),
    callsWaiting: 0,
    callsStaying: 0,
    beginHttp2() {},
  };
  const session = {};
  gate.expect(connection as never);
  gate.begin(session as never);
  const stream = Object.assign(new EventEmitter(), { session, destroyed: false, closed: false });
  scheduler.defer({ address: 'other' }, () => {});
  gate.receive(stream as never, headers, 0, rawHeaders);
  expect(begun).toEqual([]);
  return { scheduler, stream, begun, metadata, calls: connection.calls };
}

it('begins a call in its turn', () => {
  const { scheduler, stream, begun } = waitingCall();
  scheduler.begin();
  expect(begun).toEqual([stream]);
});

it('does not begin a call that has ended, whether Node.js has told its close or not', () => {
  const untold = waitingCall();
  untold.stream.closed = true;
  untold.scheduler.begin();
  expect(untold.begun).toEqual([]);
  const told = waitingCall();
  told.stream.closed = true;
  told.stream.emit('close');
  told.scheduler.begin();
  expect([told.begun, told.calls.size]).toEqual([[], 0]);
});

it('keeps from grpc-js what nobody reads: of a binary header it would make many buffers', () => {
  const { scheduler, metadata } = waitingCall({
    'x-a-bin': ','.repeat(4_000),
    'x-b': 'x'.repeat(4_000),
    authorization: 'Bearer 1',
  });
  scheduler.begin();
  expect(metadata.map((one) => one.getMap())).toEqual([{ authorization: 'Bearer 1' }]);
});
