import type { RatioPlace } from '../schema/report-index.ts';

/** The lanes that the verdict is about. */
export const contenders = {
  sockets: 'sockets-framed',
  unary: 'grpc-unary',
  converse: 'grpc-converse',
} as const;

/** Their names within a sentence of the verdict. */
export const contenderWords: Readonly<Record<string, string>> = {
  [contenders.sockets]: 'sockets',
  [contenders.unary]: 'gRPC unary',
  [contenders.converse]: 'gRPC Converse',
};

const { sockets, unary, converse } = contenders;
const contests = [
  { lane: unary, baseline: sockets },
  { lane: converse, baseline: sockets },
  { lane: converse, baseline: unary },
] as const;

/** The ratios that a run of the lab is for: rounds go on until their intervals are narrow. */
const headlines = [
  { scenario: 'latency-1', metric: 'p50' },
  { scenario: 'throughput-64', metric: 'throughput' },
].flatMap((place) => contests.map((contest) => keyOf({ ...place, ...contest })));

function keyOf({ scenario, metric, lane, baseline }: RatioPlace): string {
  return `${scenario} ${metric} ${lane} ${baseline}`;
}

/**
 * The headlines among these comparisons, each of which names the main metric of its scenario. Where a
 * run asks for none of them, what it asks for is what it is for: then they are all of them.
 */
export function headlinesAmong<T extends RatioPlace>(comparisons: readonly T[]): readonly T[] {
  const found = comparisons.filter((one) => headlines.includes(keyOf(one)));
  return found.length > 0 ? found : comparisons;
}
