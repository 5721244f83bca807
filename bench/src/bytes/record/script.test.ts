import { Operation } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import { laneNames, loadLane } from '../../lanes/index.ts';
import { jsonBytes } from '../show/json.ts';
import { absence, absences, reasonsOf2023 } from './absence.ts';
import { operations } from './script.ts';

const lanes = await Promise.all(laneNames.map(loadLane));

describe('the script', () => {
  it('has every operation of the protocol, and each once', () => {
    expect(operations).toEqual(expect.arrayContaining(Object.keys(Operation)));
    expect(new Set(operations).size).toBe(operations.length);
    const besides = operations.filter((operation) => !Object.hasOwn(Operation, operation));
    expect(besides).toEqual(['connect', 'incoming', 'loginUnread', 'close']);
  });

  it('begins with what its first ledgers had, in the same order, so that their bytes stay', () => {
    const first = 'connect register login search send incoming acknowledge logout delete';
    expect(operations.slice(0, 9)).toEqual(first.split(' '));
  });

  it('has what each operation says as JSON', () => {
    const said = jsonBytes().map(({ operation }) => operation);
    const chat = operations.filter((one) => one !== 'connect' && one !== 'close');
    expect(said.sort()).toEqual(chat.sort());
  });
});

describe('absence', () => {
  it.each(lanes.filter(({ hasChat }) => hasChat))(
    'leaves $name what its clients can say',
    (lane) => {
      const absent = operations.filter((operation) => absence(lane.name, operation) !== undefined);
      const added = 'registerWithSecret loginWithSecret block unblock changeSecret resume';
      const isOf2023 = lane.wire === 'seed' || lane.name === 'grpc-seed';
      expect(absent).toEqual(isOf2023 ? added.split(' ') : []);
    },
  );

  it('is said of the lanes of a ledger that has such operations', () => {
    const entry = (lane: string, operation: string) => ({
      lane,
      operation,
      call: 'warm' as const,
      tls: false,
      layers: {},
      total: { sent: 0, received: 0 },
      tap: { sent: 0, received: 0 },
      segments: { sent: 0, received: 0 },
    });
    const ledger = { content: {}, json: [], entries: [entry('sockets-seed', 'send')] };
    expect(absences(ledger)).toEqual([]);
    const both = [...ledger.entries, entry('sockets-framed', 'resume')];
    expect(absences({ ...ledger, entries: both })).toEqual([
      `sockets-seed has no resume. ${reasonsOf2023['sockets-seed']}`,
    ]);
  });
});
