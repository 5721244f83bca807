import { counted } from '@tandem/command';
import type { Rule, Violation } from '../check/violation.ts';
import type { RoundReport } from '../run/series.ts';
import { renderViolation } from './render-violation.ts';
import type { ResourceTrend } from './resources.ts';
import type { Totals } from './tally.ts';

/** The number of times that a round broke a rule, and the evidence. */
export interface FoundViolations {
  readonly series: string;
  readonly round: number;
  readonly rule: Rule;
  readonly count: number;
  /** The violation with the smallest history that shows it. */
  readonly smallest: string;
}

/** The result of a soak. */
export interface SoakSummary {
  readonly seed: number;
  readonly clients: number;
  /** The number of nodes that share a PostgreSQL; left out for servers by themselves. */
  readonly nodes?: number;
  readonly roundSeconds: number;
  /** The duration, in minutes. */
  readonly minutes: number;
  /** ISO 8601. */
  readonly endedAt: string;
  /** True when it was ended before its time. */
  readonly interrupted: boolean;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** Faults that did not occur, since this machine or user does not allow them. */
  readonly notInjected: readonly string[];
  readonly totals: Totals;
  /** Empty when every promise was kept. */
  readonly violations: readonly FoundViolations[];
  /** Unexpected actions of servers or clients, such as an end by themselves. */
  readonly troubles: readonly string[];
  /** The resources of the server that lives through all rounds. */
  readonly resources: readonly ResourceTrend[];
}

/** Returns true if the soak found no fault. */
export function isGood({ violations, troubles, resources }: SoakSummary): boolean {
  const grows = resources.some(({ flat }) => flat === false);
  return violations.length === 0 && troubles.length === 0 && !grows;
}

/** Renders the summary as text for a person. */
export function renderSummary(summary: SoakSummary): string {
  const { totals, violations, troubles, resources, minutes, seed } = summary;
  const { operations, messages, kills, faults } = totals;
  const answered = operations.framed + operations.converse + operations.unary - totals.unanswered;
  const rows = [
    ['seed', `${seed}`],
    ['time', `${minutes.toFixed(1)} minutes, ${counted(totals.rounds, 'round')}`],
    ['kills', `${kills.server} of a server, ${kills.clients} of clients`],
    ['faults', list(faults)],
    ['requests', `${list(operations)}; ${number(answered)} were answered`],
    ['sessions', `${number(totals.resumed)} resumed`],
    ['messages', `${number(messages.accepted)} of ${number(messages.sent)} accepted`],
    ['', `${number(messages.delivered)} delivered, ${number(messages.again)} again`],
    ...resources.map((trend) => [trend.resource, renderTrend(trend)]),
    ...summary.notInjected.map((fault) => ['not injected', fault]),
    ['violations', `${violations.reduce((sum, { count }) => sum + count, 0)}`],
    ...(troubles.length === 0 ? [] : [['troubles', `${troubles.length}`]]),
  ];
  return rows.map(([name = '', text]) => `${name.padEnd(18)}${text}\n`).join('');
}

/** Returns the violation with the smallest history, for each rule. */
export function summarizeViolations(report: RoundReport): FoundViolations[] {
  const { series, round, violations, history } = report;
  return [...Map.groupBy(violations, ({ rule }) => rule)].map(([rule, found]) => {
    const smallest = found.reduce((a, b) => (size(b) < size(a) ? b : a));
    return {
      series,
      round,
      rule,
      count: found.length,
      smallest: renderViolation(smallest, history),
    };
  });
}

function size({ operations, takings }: Violation): number {
  return operations.length + takings.length;
}

/** Renders the other faults that a round found. */
export function renderTroubles({ series, round, troubles }: RoundReport): string[] {
  return troubles.map((trouble) => `${series}, round ${round}: ${trouble}`);
}

function renderTrend({ unit, first, last, perHour, flat, points }: ResourceTrend): string {
  const shown = (value: number) =>
    unit === 'bytes' ? `${(value / 1024 / 1024).toFixed(1)} MiB` : `${Math.round(value * 10) / 10}`;
  const verdict = flat === undefined ? 'too few rounds to tell' : flat ? 'flat' : 'GROWS';
  return `${verdict}: ${shown(first)} to ${shown(last)}, ${shown(perHour)} an hour (${points} points)`;
}

function list(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${number(count)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
