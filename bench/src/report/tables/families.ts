import { collectionMetrics, costMetrics, systemCallMetrics } from '../analysis/side-by-side.ts';
import type { Report, ReportScenario } from '../schema/report.ts';

/** A family of scenarios, and how its members are laid out. */
export interface Family {
  readonly family: string;
  /** Its question, as a title. */
  readonly title: string;
  /** Absent where its members are no points of one range. */
  readonly range?: Range;
}

/** A range, and the metrics that are laid out along it. */
export interface Range {
  /** The parameter whose values are along it; of `ratesPerSecond` a scenario has them all. */
  readonly parameter: string;
  /** The name of its values. */
  readonly across: string;
  readonly isLog: boolean;
  /** The metrics that have a chart, with its title; all of them have tables. */
  readonly charts: Readonly<Record<string, string>>;
}

/** A point of a range: where it lies, and what was measured there. */
export interface RangePoint {
  readonly x: number;
  readonly title: string;
  readonly scenario: ReportScenario;
  readonly metric: string;
}

/** One metric along a range. */
export interface RangeOfMetric {
  readonly family: string;
  readonly title: string;
  readonly unit: string;
  readonly points: readonly RangePoint[];
}

/** Values that may be 0, or are spread evenly. */
const linear: readonly string[] = ['bodyChars', 'roundTripMs', 'nodes'];

/** Every family, in the order in which a report says which it was not asked. */
export const families: readonly Family[] = [
  { family: 'set-up', title: 'Set-up of a connection' },
  { family: 'handshake', title: 'Set-up over TLS' },
  { family: 'op-suite', title: 'The op suite' },
  { family: 'registers', title: '100 registers' },
  { family: 'latency', title: 'Latency' },
  { family: 'delivery', title: 'Delivery' },
  { family: 'delivery-pairs', title: 'Pairs of users' },
  along('throughput', 'Throughput against depth', 'depth', 'requests under way', {
    throughput: 'Operations a second of one connection',
    p50: 'Median latency at that depth',
  }),
  along('connections', 'Many connections', 'connections', 'connections, one search each', {
    throughput: 'Searches a second, all connections together',
    p50: 'Median latency with so many connections',
  }),
  along('load-curve', 'Latency against load', 'ratesPerSecond', 'arrivals a second', {
    p50: 'Median latency at that rate',
    p99: '99th percentile at that rate',
  }),
  { family: 'open-loop', title: 'Latency under a fixed arrival rate' },
  along('body', 'Body size', 'bodyChars', 'characters of the body', {
    p50: 'Median latency of a send',
  }),
  along('payload', 'Payload size', 'payloadBytes', 'bytes of the payload', {
    p50: 'Median latency of a payload there and back',
  }),
  along('bulk', 'Streaming', 'payloadBytes', 'bytes of each payload', {
    'bytes-per-second': 'Payload a second, each way',
  }),
  along('sends', 'Sends of many connections', 'connections', 'connections', {
    throughput: 'Messages a second, all connections together',
  }),
  along('nodes', 'Sends over several nodes', 'nodes', 'nodes of one database', {
    throughput: 'Messages a second, all nodes together',
    'database-cpu': 'CPU time of the database for a message',
  }),
  along('fan-out', 'One sender, many recipients', 'recipients', 'recipients', {
    total: 'Until each recipient has its message',
    throughput: 'Messages that arrive, a second',
  }),
  along('idle', 'Idle connections', 'connections', 'connections', {
    'used-bytes': 'Memory of the server for each: heap and buffers',
    'resident-bytes': 'Memory of the server for each: resident',
    cpu: 'CPU time of the server for all, each second',
  }),
  along('search-million', 'Search over a million users', 'accounts', 'accounts', {
    exact: 'One name',
    scan: 'A scan of every name',
    'delay-scans': 'Longest wait beside 64 scans',
  }),
  along('round-trip', 'Round-trip time', 'roundTripMs', 'milliseconds there and back', {
    short: 'One short request at a time, median',
    throughput: 'Short requests a second with 64 under way',
    'long-response': 'A long response',
  }),
  along('start-up', 'Start of the command', 'processes', 'processes', {
    serve: 'A server, to its first response',
    chat: 'A chat, to the response to its first command',
  }),
];

function along(
  family: string,
  title: string,
  parameter: string,
  across: string,
  charts: Range['charts'],
): Family {
  return {
    family,
    title,
    range: { parameter, across, isLog: !linear.includes(parameter), charts },
  };
}

/** The costs of an operation, with its system calls and its garbage. */
const usage = [...costMetrics, ...systemCallMetrics, ...collectionMetrics];

/** Lists the metrics that have several points along a range: those with charts, what an operation takes, others. */
export function rangesOf(range: Range, members: readonly ReportScenario[]): RangeOfMetric[] {
  const all = members.flatMap((member) => member.metrics.map(({ name }) => name));
  const metrics = new Set([...Object.keys(range.charts), ...usage, ...all]);
  return [...metrics]
    .map((metric) => rangeOfMetric(range, members, metric))
    .filter(({ points }) => points.length > 1);
}

/** Lists the points at which these scenarios have a metric. */
export function rangeOfMetric(
  { parameter, charts }: Range,
  members: readonly ReportScenario[],
  metric: string,
): RangeOfMetric {
  const points = members.flatMap((scenario) =>
    `${scenario.parameters[parameter] ?? ''}`.split(' ').flatMap((value): RangePoint[] => {
      const isStep = parameter === 'ratesPerSecond';
      const name = isStep ? `${metric}-at-${value}` : metric;
      if (!scenario.metrics.some((one) => one.name === name)) return [];
      const title = isStep ? `${value}/s` : scenario.name;
      return [{ x: Number(value), title, scenario, metric: name }];
    }),
  );
  const [first] = points;
  const known = first?.scenario.metrics.find(({ name }) => name === first.metric);
  // The title of a step names its rate.
  const title = known?.title.replace(/ at \d+( a second)?$/, ' at that rate');
  return {
    family: members[0]?.family ?? '',
    title: charts[metric] ?? title ?? metric,
    unit: known?.unit ?? '',
    points,
  };
}

/** The families that a report has scenarios of, each with its members. */
export function familiesOf({ scenarios }: Report): (Family & { members: ReportScenario[] })[] {
  const byFamily = Map.groupBy(scenarios, ({ family }) => family);
  return [...byFamily].map(([family, members]) => {
    const known = families.find((one) => one.family === family);
    return { ...(known ?? { family, title: family }), members };
  });
}
