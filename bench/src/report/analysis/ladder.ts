import { median, medianInterval } from '../../statistics/index.ts';
import type { Placement, Report, ReportCell } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { contenders } from './contenders.ts';
import { ci95Of, runsThatCount, valuesByRound } from './pairs.ts';

/** The costs that an operation's time consists of. */
export const costs = {
  service: 'chat service',
  codec: 'codec',
  kernel: 'kernel and event loop',
  http2: 'HTTP/2',
  grpcJs: 'grpc-js',
  ours: 'our client and server',
} as const;

/** One of {@link costs}. */
export type Cost = keyof typeof costs;

/**
 * - `cost`: it takes this long
 * - `within noise`: its interval holds 0, or it is not above 0 and has no interval
 * - `saving`: all of its interval lies below 0: what is above does better than the bare lane below
 */
type Reading = 'cost' | 'within noise' | 'saving';

/** A step of a ladder: what it adds to the one below. */
export interface LadderStep {
  /** One cost; several where the lane between them was not measured. */
  readonly costs: readonly Cost[];
  readonly title: string;
  /** The lanes that it was read off: `http2-echo − net-echo`. */
  readonly from: string;
  /** The steps of a ladder add up to its total. Negative when the step below took longer. */
  readonly us: number;
  /** Of the step's rounds, each against itself; null when there were too few. */
  readonly ci95: readonly [number, number] | null;
  readonly reading: Reading;
}

/** The parts of an operation's latency, on one lane at one placement. */
export interface Ladder {
  readonly scenario: string;
  readonly placement: Placement;
  readonly lane: string;
  readonly title: string;
  readonly totalUs: number;
  /** From the bottom up. */
  readonly steps: readonly LadderStep[];
  readonly valid: boolean;
  /** The reasons why it is not valid. */
  readonly why: readonly string[];
}

/** The scenario and the metric that a ladder is made from: one operation at a time, its median. */
export const ladderSource = { scenario: 'latency-1', metric: 'p50' } as const;

const ofGrpcEchoes: readonly Cost[] = ['codec', 'kernel', 'http2', 'grpcJs'];

/**
 * The end of the name of an echo with every means of our own code. It stands in the place of the plain one:
 * else what these means save would hide what our code adds.
 */
const tuned = '-tuned';

/** The costs on each lane below the contenders; a tuned echo has those of the plain one. */
const contained: Readonly<Record<string, readonly Cost[]>> = {
  'in-process': ['service'],
  'codec-framed': ['codec'],
  'codec-protobuf': ['codec'],
  'net-echo': ['kernel'],
  'http2-echo': ['kernel', 'http2'],
  'grpc-echo': ofGrpcEchoes,
  'grpc-stream-echo': ofGrpcEchoes,
};

const protobuf = 'codec-protobuf';

/** Each level is what the service and the lanes in it take together; the contender itself is the last. */
const levelsOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  [contenders.sockets]: [[], ['codec-framed'], ['codec-framed', 'net-echo']],
  [contenders.unary]: [
    [],
    [protobuf],
    [protobuf, 'net-echo'],
    [protobuf, 'http2-echo'],
    ['grpc-echo'],
  ],
  // A bare request opens a stream of its own, which Converse does not: what HTTP/2 and grpc-js take for a
  // frame on a stream that is open stays together.
  [contenders.converse]: [[], [protobuf], [protobuf, 'net-echo'], ['grpc-stream-echo']],
};

/** The costs of gRPC; those of sockets are without its own two. */
const allCosts = Object.keys(costs) as Cost[];
const socketsCosts = allCosts.filter((cost) => cost !== 'http2' && cost !== 'grpcJs');

/**
 * Attributes each microsecond to a step, for each contender at each placement that has one. A lane that
 * was not measured leaves its cost with the next step up, whose title then names both.
 */
export function ladders(report: Report): Ladder[] {
  const index = new ReportIndex(report);
  return index
    .placements()
    .flatMap((placement) =>
      Object.values(contenders).flatMap((lane) => ladderOf(index, lane, placement) ?? []),
    );
}

function ladderOf(index: ReportIndex, lane: string, placement: Placement): Ladder | undefined {
  const cellOf = (name: string) =>
    findCell(index, `${name}${tuned}`, placement) ?? findCell(index, name, placement);
  const own = index.cell({ scenario: ladderSource.scenario, lane, placement });
  if (own === undefined || medianOf([own]) === undefined) return undefined;
  const levels = levelsFor(lane, own, cellOf);
  const used = [...new Set(levels.flatMap(({ cells }) => cells))];
  return {
    scenario: ladderSource.scenario,
    placement,
    lane,
    title: index.lane(lane)?.title ?? lane,
    totalUs: medianOf([own]) ?? Number.NaN,
    steps: levels.map((level, at) => stepOf(level, levels[at - 1])),
    valid: used.every(({ valid }) => valid),
    why: used.flatMap((cell) => cell.why.map((reason) => `${cell.lane}: ${reason}`)),
  };
}

interface Level {
  readonly cells: readonly ReportCell[];
  readonly costs: readonly Cost[];
}

/** The levels that can be told apart with what was measured, each with all the costs below it. */
function levelsFor(
  lane: string,
  own: ReportCell,
  cellOf: (lane: string) => ReportCell | undefined,
): Level[] {
  const levels: Level[] = [];
  for (const lanes of levelsOf[lane] ?? []) {
    const cells = ['in-process', ...lanes].flatMap((name) => cellOf(name) ?? []);
    const level = {
      cells,
      costs: cells.flatMap((cell) => contained[cell.lane.replace(tuned, '')] ?? []),
    };
    const below = levels.at(-1)?.costs ?? [];
    const containsBelow = below.every((cost) => level.costs.includes(cost));
    if (containsBelow && level.costs.length > below.length) levels.push(level);
  }
  return [
    ...levels,
    { cells: [own], costs: lane === contenders.sockets ? socketsCosts : allCosts },
  ];
}

function stepOf(level: Level, below: Level | undefined): LadderStep {
  const added = level.costs.filter((cost) => below?.costs.includes(cost) !== true);
  const under = below?.cells ?? [];
  const us = (medianOf(level.cells) ?? Number.NaN) - (medianOf(under) ?? 0);
  const ci95 = ci95Of(medianInterval(byRound(level.cells, under)));
  return {
    costs: added,
    title: added.map((cost) => costs[cost]).join(', '),
    from: fromWords(level.cells, under),
    us,
    ci95,
    reading: readingOf(us, ci95),
  };
}

function readingOf(us: number, ci95: readonly [number, number] | null): Reading {
  if (ci95 === null || ci95[0] > 0) return us > 0 ? 'cost' : 'within noise';
  return ci95[1] < 0 && us < 0 ? 'saving' : 'within noise';
}

/** A process that is alone does not mind where another would be: any placement tells its cost. */
function findCell(index: ReportIndex, lane: string, placement: Placement): ReportCell | undefined {
  const { scenario } = ladderSource;
  const here = index.cell({ scenario, lane, placement });
  const alone = lane === 'in-process' || lane.startsWith('codec-');
  const others = alone ? index.placements() : [];
  const cells = [here, ...others.map((other) => index.cell({ scenario, lane, placement: other }))];
  return cells.find((cell) => cell !== undefined && medianOf([cell]) !== undefined);
}

/** Sums the medians of lanes, so that the steps add up to the total. */
function medianOf(cells: readonly ReportCell[]): number | undefined {
  const medians = cells.map((cell) =>
    median(runsThatCount(cell).flatMap(({ values }) => values[ladderSource.metric] ?? [])),
  );
  return medians.some(Number.isNaN) ? undefined : medians.reduce((sum, value) => sum + value, 0);
}

/** The step in each round in which all of its lanes ran. */
function byRound(cells: readonly ReportCell[], under: readonly ReportCell[]): number[] {
  const ofCell = (cell: ReportCell) => valuesByRound(runsThatCount(cell), ladderSource.metric);
  const [above, below] = [cells.map(ofCell), under.map(ofCell)];
  const rounds = [...(above[0]?.keys() ?? [])];
  return rounds
    .filter((round) => [...above, ...below].every((values) => values.has(round)))
    .map((round) => sumAt(above, round) - sumAt(below, round));
}

function sumAt(lanes: readonly ReadonlyMap<number, number>[], round: number): number {
  return lanes.reduce((sum, values) => sum + (values.get(round) ?? Number.NaN), 0);
}

function fromWords(cells: readonly ReportCell[], under: readonly ReportCell[]): string {
  const plus = cells.filter((cell) => !under.includes(cell)).map(({ lane }) => lane);
  const minus = under.filter((cell) => !cells.includes(cell)).map(({ lane }) => lane);
  return [plus.join(' + '), ...minus].join(' − ');
}
