import { ChatError, Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { NotSentError } from '../traffic/outcome.ts';
import { LoadRecord } from './record.ts';
import { secondsCsv } from './report.ts';

const found = { kind: 'search', status: Status.found } as const;
const delivered = { kind: 'send', status: Status.delivered } as const;

// The measurement goes from 1,000 to 3,000.
let record: LoadRecord;
beforeEach(() => {
  record = new LoadRecord();
  record.begin(1_000);
  record.end(3_000);
});

function times(intendedAtMs: number, tookMs = 1, lateMs = 0) {
  const sentAtMs = intendedAtMs + lateMs;
  return { intendedAtMs, sentAtMs, endedAtMs: sentAtMs + tookMs };
}

/** An operation from its due time to its end. */
function answered(outcome: Parameters<LoadRecord['answered']>[0], at: ReturnType<typeof times>) {
  record.due(at.intendedAtMs);
  record.answered(outcome, at);
}

describe('a record', () => {
  it('counts the operations that were due in its time, whenever they ended', () => {
    for (const at of [0, 999.9, 1_000, 2_999.9, 3_000, 4_000]) answered(found, times(at, 500));
    record.close();
    const { operations, latency } = record.report(2_000);
    expect(operations).toEqual({ due: 2, answered: 2, refused: 0, failed: 0, perSecond: 0.5 });
    expect(latency[0]).toMatchObject({ of: 'all', count: 2, meanUs: 500_000 });
  });

  it('measures from the intended time, and beside it from the actual one', () => {
    for (let i = 0; i < 20; i++) answered(found, times(1_000 + i, 2, 300));
    const [intended, actual] = record.report(2_000).latency;
    expect(intended).toMatchObject({ of: 'all', from: 'intended', meanUs: 302_000 });
    expect(actual).toMatchObject({ of: 'all', from: 'actual', meanUs: 2_000 });
  });

  it('keeps searches and sends apart', () => {
    answered(found, times(1_000, 1));
    answered(delivered, times(1_000, 3));
    answered({ kind: 'send', status: Status.stored }, times(1_000, 5));
    expect(record.report(2_000).latency).toMatchObject([
      { of: 'all', count: 3, meanUs: 3_000 },
      { of: 'all', count: 3 },
      { of: 'search', count: 1, meanUs: 1_000 },
      { of: 'send', count: 2, meanUs: 4_000 },
    ]);
  });

  it('counts refusals by status, and leaves them out of the latencies', () => {
    answered({ kind: 'send', status: Status.sendFailed }, times(1_000));
    answered({ kind: 'search', status: Status.tooBusy }, times(1_001));
    answered({ kind: 'send', status: Status.tooBusy }, times(1_002));
    answered({ kind: 'search', status: Status.notFound }, times(1_003));
    answered(found, times(1_004));
    const { operations, statuses, latency } = record.report(2_000);
    expect(operations).toMatchObject({ due: 5, answered: 1, refused: 4, failed: 0 });
    expect(statuses).toEqual([
      { status: 16, name: 'found', refusal: false, count: 1 },
      { status: 17, name: 'notFound', refusal: true, count: 1 },
      { status: 27, name: 'sendFailed', refusal: true, count: 1 },
      { status: 123, name: 'tooBusy', refusal: true, count: 2 },
    ]);
    expect(latency[0]?.count).toBe(1);
    expect(record.errors).toBe(4);
  });

  it('counts errors by kind, with the text of the first', () => {
    const lost = (text: string) => new ChatError('connection-lost', text);
    for (const error of [lost('first'), lost('second'), new NotSentError(), new Error('odd')]) {
      record.due(1_000);
      record.failed(error, times(1_000));
    }
    record.connectFailed(new ChatError('connect-failed', 'nobody listens there'));
    expect(record.report(2_000)).toMatchObject({
      operations: { due: 4, answered: 0, refused: 0, failed: 4 },
      connects: { succeeded: 0, failed: 1 },
      errors: [
        { kind: 'connection-lost', count: 2, text: 'first' },
        { kind: 'not-sent', count: 1 },
        { kind: 'unexpected-response', count: 1, text: 'odd' },
        { kind: 'connect-failed', count: 1 },
      ],
    });
  });

  it('counts operations that have not ended by its close as failed, and ignores later ends', () => {
    for (let i = 0; i < 3; i++) record.due(2_000);
    record.answered(found, times(2_000));
    record.close();
    record.answered(found, times(2_000));
    record.failed(new Error('closed'), times(2_000));
    record.connectFailed(new Error('closed'));
    record.close();
    const { operations, errors, connects } = record.report(2_000);
    expect(operations).toMatchObject({ due: 3, answered: 1, failed: 2 });
    expect(errors).toMatchObject([{ kind: 'unanswered', count: 2 }]);
    expect(connects.failed).toBe(0);
  });

  it('gives a percentile only of enough operations', () => {
    for (let i = 1; i <= 100; i++) answered(found, times(1_000, i));
    const [p50, p90, p99, p999] = record.report(2_000).latency[0]?.percentiles ?? [];
    expect(p50?.us).toBeCloseTo(50_000, -2);
    expect(p90?.us).toBeCloseTo(90_000, -2);
    expect(p99).toEqual({ percentile: 99, us: null, operationsNeeded: 1_000 });
    expect(p999).toEqual({ percentile: 99.9, us: null, operationsNeeded: 10_000 });
  });

  it('has each second with the operations that ended in it, also an empty one', () => {
    answered(found, times(1_000, 10));
    answered({ kind: 'send', status: Status.tooBusy }, times(1_500));
    expect(record.lastSecond(1_900)).toBeUndefined();
    expect(record.lastSecond(2_100)).toMatchObject({ second: 0, answered: 1, refused: 1 });
    record.due(2_900);
    record.failed(new Error('lost'), times(2_900, 300));
    const { seconds } = record.report(2_000);
    expect(
      seconds.map(({ second, answered, refused, failed }) => [second, answered, refused, failed]),
    ).toEqual([
      [0, 1, 1, 0],
      [1, 0, 0, 0],
      [2, 0, 0, 1],
    ]);
    expect(secondsCsv(seconds)).toBe(
      'second,answered,refused,failed,p50Us,p99Us,maxUs\r\n' +
        `0,1,1,0,${seconds[0]?.p50Us},${seconds[0]?.p99Us},10000\r\n` +
        '1,0,0,0,,,\r\n2,0,0,1,,,\r\n',
    );
  });
});
