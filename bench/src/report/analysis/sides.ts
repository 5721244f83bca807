import { stack } from '../../bytes/index.ts';
import type { Placement, ReportCell, ReportResult } from '../schema/report.ts';
import type { ReportIndex } from '../schema/report-index.ts';
import { contenders } from './contenders.ts';
import { notCitable } from './fitness.ts';

/** One contender's figure of a side. */
export interface SideValue {
  readonly lane: string;
  readonly value: number;
  readonly ci95: readonly [number, number] | null;
  readonly unit: string;
  /** Of which it is the median; null for what is counted once, such as bytes. */
  readonly rounds: number | null;
  /** The reasons not to cite it; empty when it may be cited. */
  readonly because: readonly string[];
}

/** One of the five sides from which the contenders are compared first. */
export interface Side {
  readonly name: 'latency' | 'connections' | 'cpu' | 'bytes' | 'memory';
  /** Of the connections that are open together; 1 where one is. */
  readonly connections: number;
  /** Operations under way on each of them. */
  readonly depth: number;
  /** An operation, as a sentence names it. */
  readonly operation: 'search' | 'message';
  /** Null where placement plays no part. */
  readonly placement: Placement | null;
  readonly better: 'lower' | 'higher';
  /** Of the contenders that have one; empty when the run was not asked. */
  readonly values: readonly SideValue[];
}

/** The scenario and the metric that CPU is compared by. */
export const cpuSource = { scenario: 'latency-1', metric: 'server-cpu' } as const;

/** One connection with many operations under way, where no scenario of many connections was asked. */
const deep = 'throughput-64';

/** Latency, operations a second over many connections, CPU, bytes and memory, at the plainest placement. */
export function sidesOf(index: ReportIndex): Side[] {
  const plain = { connections: 1, depth: 1, operation: 'search', better: 'lower' } as const;
  const [placement = null] = index.placements();
  const at = (scenario: string, metric: string) => valuesOf(index, scenario, metric, placement);
  const many = most(index, 'connections', 'throughput', 64) ??
    most(index, 'sends', 'throughput', 64) ?? {
      family: 'throughput',
      scenario: deep,
      connections: 1,
    };
  const idle = most(index, 'idle', 'used-bytes', 1_000);
  return [
    { name: 'latency', ...plain, placement, values: at('latency-1', 'p50') },
    {
      ...plain,
      name: 'connections',
      placement,
      better: 'higher',
      operation: many.family === 'sends' ? 'message' : 'search',
      connections: many.connections,
      values: at(many.scenario, 'throughput'),
      ...(many.scenario === deep ? { depth: 64 } : {}),
    },
    { name: 'cpu', ...plain, placement, values: at(cpuSource.scenario, cpuSource.metric) },
    { name: 'bytes', ...plain, placement: null, values: wireValues(index) },
    {
      name: 'memory',
      ...plain,
      placement,
      connections: idle?.connections ?? 1_000,
      values: idle === undefined ? [] : at(idle.scenario, 'used-bytes'),
    },
  ];
}

/** The scenario of a family with the most connections, up to a number, of which two contenders have figures. */
function most(index: ReportIndex, family: string, metric: string, connectionsMax: number) {
  const [placement = null] = index.placements();
  return index.report.scenarios
    .filter((one) => one.family === family)
    .map(({ name, parameters }) => {
      return { family, scenario: name, connections: Number(parameters.connections) };
    })
    .filter(({ connections }) => connections <= connectionsMax)
    .sort((a, b) => b.connections - a.connections)
    .find(({ scenario }) => valuesOf(index, scenario, metric, placement).length > 1);
}

/** The contenders' figures of a metric at a placement, as far as they were measured. */
export function valuesOf(
  index: ReportIndex,
  scenario: string,
  metric: string,
  placement: Placement | null,
): SideValue[] {
  if (placement === null) return [];
  return Object.values(contenders).flatMap((lane) => {
    const place = { scenario, lane, placement };
    const [cell, result] = [index.cell(place), index.result(place, metric)];
    return cell === undefined || result === undefined
      ? []
      : [{ ...pick(result), because: becauseOf(index, cell) }];
  });
}

function becauseOf({ report }: ReportIndex, cell: ReportCell): string[] {
  return [...report.notCitableBecause, ...notCitable(cell)];
}

function pick({ lane, value, ci95, unit, n: rounds }: ReportResult): Omit<SideValue, 'because'> {
  return { lane, value, ci95, unit, rounds };
}

/** Bytes are counted, not estimated: they are what they are, however calm the machine was. */
function wireValues({ report }: ReportIndex): SideValue[] {
  const bars = report.wire === null ? [] : stack(report.wire, 'search', 'warm');
  return Object.values(contenders).flatMap((lane) => {
    const bar = bars.find((one) => one.lane === lane && !one.tls);
    if (bar === undefined) return [];
    return [{ lane, value: bar.total, ci95: null, unit: 'bytes', rounds: null, because: [] }];
  });
}
