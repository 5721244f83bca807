import { contenders } from '../analysis/contenders.ts';
import { cpuSource, type Side, type SideValue, sidesOf, valuesOf } from '../analysis/sides.ts';
import type { ReportIndex } from '../schema/report-index.ts';
import { formatCount, formatPercent, formatRounds, formatTimes, formatValue } from './format.ts';
import { placementTitles } from './places.ts';
import { listed } from './sentence.ts';
import { intervalWords } from './verdict-phrase.ts';

/** Names the contenders as whoever chooses between them calls them. */
export const contenderTitles: Readonly<Record<string, string>> = {
  [contenders.sockets]: 'sockets',
  [contenders.converse]: 'one stream',
  [contenders.unary]: 'unary calls',
};

/** The time of an operation's own work, beside which the difference between transports is set. */
const workUs = 10_000;

/** Returns five sentences on "Which should I choose?", with the figures of this run, or that it has none. */
export function choiceSentences(index: ReportIndex): string[] {
  const sides = new Map(sidesOf(index).map((side) => [side.name, side]));
  const sideOf = (name: Side['name']) => sides.get(name);
  return [
    sentence(
      'Choose a protocol of your own when both ends are yours, operations are small and many, and latency matters most',
      sideOf('latency'),
      (side) => `one search at a time takes ${each(side)}`,
    ) + latencyElsewhere(index),
    sentence(
      'Where many users are connected and each waits for its response, compare operations a second',
      sideOf('connections'),
      (side) =>
        side.depth === 1
          ? `${formatCount(side.connections)} connections with one ${side.operation} each get ${each(side)}`
          : `one connection with ${side.depth} searches under way gets ${each(side)}; this run has not measured many connections`,
    ),
    sentence(
      'Where most connections are idle, compare memory',
      sideOf('memory'),
      (side) =>
        `each of ${formatCount(side.connections)} idle connections takes ${each(side)} of the server`,
    ),
    sentence(
      'Choose gRPC on one stream when others write clients in other languages, the contract must evolve, and the traffic is a conversation',
      sideOf('cpu'),
      ({ values, placement }) => {
        const [own, base] = pairOf(values, contenders.converse);
        if (placement === null || own === undefined || base === undefined) return undefined;
        const place = { ...cpuSource, lane: own.lane, placement };
        const ratio = index.ratio(place, cpuSource.metric, base.lane);
        if (ratio === undefined) return undefined;
        const interval = ratio.ci95 === null ? '' : ` (${intervalWords(ratio)})`;
        return `a search takes ${formatTimes(ratio.value)}${interval} the server’s CPU time of sockets, ${formatValue(own.value, own.unit)} against ${formatValue(base.value, base.unit)}`;
      },
    ),
    sentence(
      'Choose unary calls when operations are few, independent and larger than a chat message, or when proxies, retries and deadlines for each call are worth their cost',
      sideOf('latency'),
      ({ values }) => {
        const [own, base] = pairOf(values, contenders.unary);
        if (own === undefined || base === undefined) return undefined;
        const moreUs = own.value - base.value;
        if (moreUs <= 0) return 'a search takes no longer by unary calls than over sockets';
        return `a search takes ${formatValue(moreUs, 'us')} longer than over sockets, which is ${formatPercent(moreUs / workUs)} of an operation that works for ${formatValue(workUs, 'us')}`;
      },
    ),
  ];
}

/** Returns a rule with the figures of this run and their conditions, or that there are none. */
function sentence(
  rule: string,
  side: Side | undefined,
  of: (side: Side) => string | undefined,
): string {
  const figures = side === undefined || side.values.length < 2 ? undefined : of(side);
  if (side === undefined || figures === undefined) {
    return `${rule}; this run has not measured that.`;
  }
  const few = side.values.flatMap(({ ci95, rounds }) => (ci95 === null ? (rounds ?? []) : []));
  const conditions = [
    ...(side.placement === null ? [] : [placementTitles[side.placement]]),
    ...(few.length === 0 ? [] : [formatRounds(few)]),
  ];
  const where = conditions.length === 0 ? '' : ` (${conditions.join(', ')})`;
  return `${rule}: ${figures}${where}${citable(side.values)}.`;
}

/** The same latency at the other placements: on two cores the transports lie closer together. */
function latencyElsewhere(index: ReportIndex): string {
  const [, ...others] = index.placements();
  return others
    .flatMap((placement) => {
      const values = valuesOf(index, 'latency-1', 'p50', placement);
      if (values.length < 2) return [];
      return [` The same, ${placementTitles[placement]}: ${each({ values })}${citable(values)}.`];
    })
    .join('');
}

function citable(values: readonly SideValue[]): string {
  return values.every(({ because }) => because.length === 0) ? '' : ', which is not to be cited';
}

function each({ values }: Pick<Side, 'values'>): string {
  const parts = Object.keys(contenderTitles).flatMap((lane) => {
    const found = values.find((one) => one.lane === lane);
    return found === undefined
      ? []
      : [`${formatValue(found.value, found.unit)} (${contenderTitles[lane]})`];
  });
  return listed(parts);
}

function pairOf(values: readonly SideValue[], lane: string) {
  const of = (name: string) => values.find((one) => one.lane === name);
  return [of(lane), of(contenders.sockets)] as const;
}
