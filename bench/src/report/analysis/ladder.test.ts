import { describe, expect, it } from 'vitest';
import { cellOf, laneOf, scenarioOf } from '../../../test/report-parts.ts';
import { sampleReport } from '../../../test/sample-report.ts';
import type { Report, ReportCell } from '../schema/report.ts';
import { analyse } from './analyse.ts';
import { type Ladder, ladders } from './ladder.ts';

const rounds = 6;
const wobble = [0.05, -0.05, 0.1, -0.1, 0.2, -0.2];

/** A report of latencies alone, each lane with its median and the same small noise in each round. */
function reportOf(
  mediansUs: Readonly<Record<string, number>>,
  more: Readonly<Record<string, Partial<ReportCell>>> = {},
): Report {
  const scenarios = [scenarioOf('latency-1', 'latency', 'p50')];
  const lanes = Object.keys(mediansUs).map((name) => laneOf(name));
  const cells = Object.entries(mediansUs).map(([lane, us]) => {
    const values = wobble.slice(0, rounds).map((noise) => us + noise);
    return cellOf('latency-1', lane, 'p50', values, more[lane]);
  });
  const analysis = analyse({ cells, lanes, scenarios, injectedUs: {} });
  return { ...sampleReport({ rounds: 1 }), lanes, scenarios, cells, ...analysis };
}

function ladderOf(report: Report, lane: string, placement = 'same-core'): Ladder | undefined {
  return ladders(report).find((one) => one.lane === lane && one.placement === placement);
}

const all = {
  'in-process': 2,
  'codec-framed': 1,
  'codec-protobuf': 3,
  'net-echo': 20,
  'http2-echo': 60,
  'grpc-echo': 180,
  'sockets-framed': 25,
  'grpc-unary': 200,
  'grpc-converse': 90,
};

/** The steps of a ladder as title and microseconds. */
function stepsOf(ladder: Ladder | undefined) {
  return ladder?.steps.map(({ title, us }) => [title, Math.round(us * 10) / 10]);
}

describe('the ladder', () => {
  it('takes each step off the lane below it', () => {
    const report = reportOf(all);
    expect(stepsOf(ladderOf(report, 'sockets-framed'))).toEqual([
      ['chat service', 2],
      ['codec', 1],
      ['kernel and event loop', 20],
      ['our client and server', 2],
    ]);
    expect(stepsOf(ladderOf(report, 'grpc-unary'))).toEqual([
      ['chat service', 2],
      ['codec', 3],
      ['kernel and event loop', 20],
      ['HTTP/2', 40],
      ['grpc-js', 117],
      ['our client and server', 18],
    ]);
    expect(stepsOf(ladderOf(report, 'grpc-converse'))).toEqual([
      ['chat service', 2],
      ['codec', 3],
      ['kernel and event loop', 20],
      ['HTTP/2, grpc-js, our client and server', 65],
    ]);
  });

  it('says which lanes a step was read off', () => {
    const from = ladderOf(reportOf(all), 'grpc-unary')?.steps.map((step) => step.from);
    expect(from).toEqual([
      'in-process',
      'codec-protobuf',
      'net-echo',
      'http2-echo − net-echo',
      'grpc-echo − codec-protobuf − http2-echo',
      'grpc-unary − in-process − grpc-echo',
    ]);
  });

  it.each([sampleReport(), sampleReport({ partial: true }), sampleReport({ seed: 9 })])(
    'adds up to what an operation takes (sample %#)',
    (report) => {
      const found = ladders(report);
      expect(found).toHaveLength(6);
      for (const { steps, totalUs, lane, placement } of found) {
        const sum = steps.reduce((total, { us }) => total + us, 0);
        expect(sum, `${lane} ${placement}`).toBeCloseTo(totalUs, 9);
        const result = report.results.find(
          (one) =>
            one.scenario === 'latency-1' &&
            one.metric === 'p50' &&
            one.lane === lane &&
            one.placement === placement,
        );
        expect(totalUs).toBe(result?.value);
      }
    },
  );

  it('goes by the echoes that are tuned as our code is, where they were measured', () => {
    const tuned = { 'net-echo-tuned': 19, 'grpc-echo-tuned': 150, 'grpc-stream-echo-tuned': 70 };
    const report = reportOf({ ...all, ...tuned });
    expect(stepsOf(ladderOf(report, 'grpc-unary'))).toEqual([
      ['chat service', 2],
      ['codec', 3],
      ['kernel and event loop', 19],
      ['HTTP/2', 41],
      ['grpc-js', 87],
      ['our client and server', 48],
    ]);
    const converse = ladderOf(report, 'grpc-converse');
    expect(stepsOf(converse)?.slice(-2)).toEqual([
      ['HTTP/2, grpc-js', 48],
      ['our client and server', 18],
    ]);
    expect(converse?.steps.at(-1)?.from).toBe(
      'grpc-converse − in-process − grpc-stream-echo-tuned',
    );
  });

  it('leaves the cost of a lane that is missing with the next step', () => {
    const { 'http2-echo': _, 'in-process': __, ...others } = all;
    expect(stepsOf(ladderOf(reportOf(others), 'grpc-unary'))).toEqual([
      ['codec', 3],
      ['kernel and event loop', 20],
      ['HTTP/2, grpc-js', 157],
      ['chat service, our client and server', 20],
    ]);
    const quick = { 'net-echo': 20, 'grpc-echo': 180, 'grpc-unary': 200 };
    expect(stepsOf(ladderOf(reportOf(quick), 'grpc-unary'))).toEqual([
      ['kernel and event loop', 20],
      ['codec, HTTP/2, grpc-js', 160],
      ['chat service, our client and server', 20],
    ]);
    expect(stepsOf(ladderOf(reportOf({ 'grpc-unary': 200 }), 'grpc-unary'))).toHaveLength(1);
  });

  it('is not there for a lane that was not measured', () => {
    const { 'grpc-unary': _, ...others } = all;
    expect(ladderOf(reportOf(others), 'grpc-unary')).toBeUndefined();
  });

  it('keeps a step that is negative, as a saving or as noise', () => {
    const readings = (sockets: number) =>
      ladderOf(reportOf({ ...all, 'sockets-framed': sockets }), 'sockets-framed')?.steps.at(-1);
    expect(readings(18)).toMatchObject({ us: expect.closeTo(-5, 5), reading: 'saving' });
    expect(readings(22.9)).toMatchObject({ us: expect.closeTo(-0.1, 5), reading: 'within noise' });
    expect(readings(25)).toMatchObject({ us: expect.closeTo(2, 5), reading: 'cost' });
  });

  it('takes the interval of a step from its rounds, one by one', () => {
    const report = reportOf(all);
    const drift = [1, 1.5, 2, 2.5, 3, 3.5];
    const cells = report.cells.map((cell) => ({
      ...cell,
      runs: cell.runs.map((run) => ({
        ...run,
        values: { p50: (all[cell.lane as keyof typeof all] ?? 0) * (drift[run.round] ?? 1) },
      })),
    }));
    const step = ladderOf({ ...report, cells }, 'grpc-unary')?.steps.at(3);
    expect(step).toMatchObject({ title: 'HTTP/2', us: 90 });
    // Forty microseconds in the first round, and as much more as it drifted in the last.
    expect(step?.ci95).toEqual([40, 140]);
  });

  it('takes no interval from a round that a lane in it has not', () => {
    const report = reportOf(all);
    const cells = report.cells.map((cell) =>
      cell.lane === 'http2-echo' ? { ...cell, runs: cell.runs.slice(1) } : cell,
    );
    const steps = ladderOf({ ...report, cells }, 'grpc-unary')?.steps ?? [];
    // Five rounds are too few for an interval.
    expect(steps.map(({ ci95 }) => ci95 === null)).toEqual([
      ...[false, false, false],
      ...[true, true, false],
    ]);
  });

  it('is not valid when a lane in it is not', () => {
    const bad = { 'http2-echo': { valid: false, why: ['overloaded'] } };
    const report = reportOf(all, bad);
    expect(ladderOf(report, 'grpc-unary')).toMatchObject({
      valid: false,
      why: ['http2-echo: overloaded'],
    });
    expect(ladderOf(report, 'sockets-framed')?.valid).toBe(true);
  });

  it('takes a lane of one process from another placement', () => {
    const found = ladderOf(sampleReport(), 'sockets-framed', 'different-cores');
    expect(found?.steps.map(({ title }) => title)).toContain('chat service');
  });
});
