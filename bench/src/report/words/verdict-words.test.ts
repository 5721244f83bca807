import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { analyse } from '../analysis/analyse.ts';
import { ladders } from '../analysis/ladder.ts';
import type { Report, ReportCell } from '../schema/report.ts';
import { verdictWords } from './verdict-words.ts';

const sample = sampleReport();

/** The sample with other cells, analysed anew. */
function withCells(change: (cell: ReportCell) => ReportCell | undefined, from = sample): Report {
  const { lanes, scenarios } = from;
  const cells = from.cells.flatMap((cell) => change(cell) ?? []);
  return { ...from, cells, ...analyse({ cells, lanes, scenarios, injectedUs: {} }) };
}

/** The sample in which one lane's cells, and those of its twin, are those of another lane. */
function withLaneLike(lane: string, model: string): Report {
  return withCells((cell) => {
    if (cell.lane !== lane && cell.lane !== `${lane}-again`) return cell;
    const like = sample.cells.find(
      (one) =>
        one.lane === model && one.scenario === cell.scenario && one.placement === cell.placement,
    );
    return like === undefined ? cell : { ...like, lane: cell.lane };
  });
}

function textsOf(report: Report): string[] {
  const { headline, sentences } = verdictWords(report);
  return [headline.text, ...sentences.map(({ text }) => text)];
}

describe('the headline', () => {
  it('says how many times as much an operation costs, with interval and figures', () => {
    const { headline } = verdictWords(sample);
    expect(headline.text).toMatch(
      /^On this machine an operation \(a search, one at a time, both processes on one core\) costs (\d\.\d) times \(95% interval \d\.\d to \d\.\d\) as much over gRPC unary as over sockets: 2\d\d µs against 2\d\.\d µs\. /,
    );
    expect(headline).toMatchObject({
      figure: expect.stringMatching(/^\d\.\d times$/),
      source: {
        scenario: 'latency-1',
        metric: 'p50',
        placement: 'same-core',
        lane: 'grpc-unary',
        baseline: 'sockets-framed',
      },
    });
  });

  it('takes its figures from the ratio of the report', () => {
    const report = {
      ...sample,
      ratios: sample.ratios.map((ratio) => ({
        ...ratio,
        value: 42,
        ci95: [40, 44] as [number, number],
      })),
    };
    expect(verdictWords(report).headline.text).toContain('42.0 times (95% interval 40.0 to 44.0)');
  });

  it('divides the microseconds between the two, and the parts add up', () => {
    const { text } = verdictWords(sample).headline;
    const sentence = /Of the ([\d.]+) µs between them, (.*)\.$/.exec(text);
    const parts = [...(sentence?.[2] ?? '').matchAll(/([\d.]+) (?:are |is )?[a-zA-Z]/g)];
    const sum = parts.reduce((total, [, us]) => total + Number(us), 0);
    expect(sentence?.[2]).toMatch(/^\d+ are grpc-js, \d+ HTTP\/2, /);
    expect(Math.abs(sum - Number(sentence?.[1]))).toBeLessThan(3);
    const [, unary] = ladders(sample);
    const grpcJs = unary?.steps.find(({ title }) => title === 'grpc-js')?.us ?? 0;
    expect(sentence?.[2]).toContain(`${Math.round(grpcJs)} are grpc-js`);
  });

  it('says how much of it is within noise', () => {
    // Half of its rounds slower by half, so that what is above the bare echo cannot be told from 0.
    const report = withCells((cell) => {
      if (cell.lane !== 'grpc-echo' || cell.scenario !== 'latency-1') return cell;
      const runs = cell.runs.map((run) => {
        const p50 = (run.values.p50 ?? 0) * (run.round % 2 === 0 ? 1.4 : 1);
        return { ...run, values: { ...run.values, p50 } };
      });
      return { ...cell, runs };
    });
    expect(verdictWords(report).headline.text).toMatch(
      /Of the \d{3} µs between them, 1\d\d are grpc-js, \d+ HTTP\/2 and 1\.\d the codec\. What remains cannot be told from noise\.$/,
    );
  });

  it('does not divide anything when a rung of the ladder is not valid', () => {
    const report = withCells((cell) =>
      cell.lane === 'http2-echo' ? { ...cell, valid: false, why: ['overloaded'] } : cell,
    );
    expect(verdictWords(report).headline.text).toContain('as over sockets');
    expect(verdictWords(report).headline.text).not.toContain('between them');
  });

  it('says that no difference was detectable, and no figure, when none was', () => {
    const { headline } = verdictWords(withLaneLike('grpc-unary', 'sockets-framed-again'));
    expect(headline.text).toMatch(
      /shows no detectable difference between gRPC unary and sockets: .* µs against .* µs, a ratio of (0\.9\d|1\.0\d) \(95% interval .* to .*\)\.$/,
    );
    expect('figure' in headline).toBe(false);
  });

  it('has the mean, the tail and CPU time of both ends beside the median, the same way round', () => {
    const beside =
      /These are medians; the mean is (\S+) times, the 99th percentile is (\S+) times, the client’s CPU time is (\S+) times and the server’s is (\S+) times as much\./;
    const factors = (text: string) => beside.exec(text)?.slice(1).map(Number) ?? [];
    const [mean = 0, p99, client = 0] = factors(verdictWords(sample).headline.text);
    const ratioOf = (metric: string) =>
      sample.ratios.find(
        (ratio) =>
          ratio.scenario === 'latency-1' &&
          ratio.placement === 'same-core' &&
          ratio.lane === 'grpc-unary' &&
          ratio.baseline === 'sockets-framed' &&
          ratio.metric === metric,
      )?.value ?? 0;
    expect(mean).toBeCloseTo(ratioOf('mean'), 1);
    expect(p99).toBeCloseTo(ratioOf('p99'), 1);
    expect(client).toBeCloseTo(ratioOf('client-cpu'), 1);
    const turned = factors(verdictWords(withLaneLike('grpc-unary', 'in-process')).headline.text);
    for (const factor of turned) expect(factor).toBeGreaterThan(1);
  });

  it('turns a ratio below 1 over', () => {
    const { headline } = verdictWords(withLaneLike('grpc-unary', 'in-process'));
    const [, low, high] =
      /costs 1\d\.\d times \(95% interval (1\d\.\d) to (1\d\.\d)\) as much over sockets as over gRPC unary: 2\d\.\d µs against 1\.\d\d µs\./.exec(
        headline.text,
      ) ?? [];
    expect(Number(low)).toBeLessThan(Number(high));
  });

  it('says "about" when there are too few rounds for an interval', () => {
    const { headline } = verdictWords(sampleReport({ partial: true }));
    expect(headline.text).toMatch(
      /costs about \d\.\d times \(3 rounds, too few for an interval\) as much over/,
    );
  });

  it('says that nothing can be said when there is nothing', () => {
    const { headline, sentences } = verdictWords({
      ...withCells(() => undefined),
      wire: null,
    });
    expect(headline.text).toContain('cannot say which of them costs more');
    expect(sentences).toEqual([]);
  });
});

describe('the sentences', () => {
  it('cover every topic that the report has data of', () => {
    expect(new Set(verdictWords(sample).sentences.map(({ topic }) => topic))).toEqual(
      new Set(['latency', 'throughput', 'set-up', 'tasks', 'cpu', 'memory', 'bytes']),
    );
  });

  it('leave out what is not valid on either side, and what is not there', () => {
    const isSetUp = (text: string) => text.startsWith('Setting up');
    expect(textsOf(sample).some(isSetUp)).toBe(true);
    for (const bad of ['sockets-framed', 'grpc-unary']) {
      const invalid = withCells((cell) =>
        cell.scenario === 'set-up' && cell.lane === bad
          ? { ...cell, valid: false, why: ['errors'] }
          : cell,
      );
      const absent = withCells((cell) =>
        cell.scenario === 'set-up' && cell.lane === bad ? undefined : cell,
      );
      expect(textsOf(invalid).some(isSetUp)).toBe(false);
      expect(textsOf(absent).some(isSetUp)).toBe(false);
    }
  });

  it('take another placement where the first is not valid', () => {
    const report = withCells((cell) =>
      cell.placement === 'same-core' ? { ...cell, valid: false, why: ['noisy'] } : cell,
    );
    const { headline, sentences } = verdictWords(report);
    expect(headline.text).toContain('the processes on two cores');
    const placements = new Set(sentences.map(({ source }) => source.placement));
    expect(placements).toEqual(new Set(['different-cores', null]));
  });

  it('say of throughput who carries more', () => {
    const sentence = verdictWords(sample).sentences.find(({ topic }) => topic === 'throughput');
    expect(sentence?.text).toMatch(
      /^One connection \(64 searches under way, both processes on one core\) carries 1\d\.\d times \(.*\) as many operations a second over sockets as over gRPC unary: 1\d\d,000\/s against 9,\d\d0\/s\.$/,
    );
  });

  it('say of memory what the largest number of connections that both bore shows', () => {
    const memory = (report: Report) =>
      verdictWords(report).sentences.find(({ topic }) => topic === 'memory')?.text;
    expect(memory(sample)).toContain('one of 10,000');
    const fewer = withCells((cell) =>
      cell.scenario === 'idle-10000' && cell.lane === 'grpc-unary' ? undefined : cell,
    );
    expect(memory(fewer)).toContain('one of 1,000');
  });

  it('count the bytes of a warm call, content apart', () => {
    const bytes = verdictWords(sample).sentences.filter(({ topic }) => topic === 'bytes');
    expect(bytes[0]).toEqual({
      topic: 'bytes',
      text: 'The bytes of a search on the wire (10 are content), once the connection is warm: 16 over sockets, 116 over gRPC unary, 46 over gRPC Converse.',
      figure: '7.3 times',
      short: 'bytes of a search, gRPC unary over sockets',
      source: {
        scenario: 'wire',
        metric: 'bytes',
        placement: null,
        lane: 'grpc-unary',
        baseline: 'sockets-framed',
      },
    });
    expect(verdictWords({ ...sample, wire: null }).sentences).not.toContainEqual(bytes[0]);
  });
});
