import { counted } from '@tandem/command';
import { formatPlace } from '@tandem/core';
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatValue,
} from '../../report/words/format.ts';
import { renderTable } from '../../terminal/table.ts';
import { statusWords } from '../traffic/outcome.ts';
import type { LatencyReport, LoadReport } from './report.ts';

/** Renders the report as text for a person. */
export function renderLoad(report: LoadReport): string {
  return [
    loadWords(report),
    renderCounts(report),
    renderLatencies(report),
    ...list('Refusals', refusals(report)),
    ...list('Errors', errors(report)),
    ...list('Thresholds', thresholds(report)),
    ...list('Warnings', report.warnings),
  ].join('\n');
}

/** The load in a sentence or two. */
function loadWords({ target, settings, interrupted, measuredMs }: LoadReport): string {
  const { connections, ratePerSecond, arrivals, depth, sendsShare, bodyChars } = settings;
  const speaks = target.transport === 'socket' ? 'sockets' : `gRPC (${target.mode})`;
  const pace =
    ratePerSecond === null
      ? `${formatCount(depth ?? 1)} under way on each`
      : `${formatNumber(ratePerSecond)} operations a second (${arrivals})`;
  const kinds =
    sendsShare === 0
      ? 'searches'
      : `${formatPercent(sendsShare)} sends of ${bodyChars} characters, the others searches`;
  const cut = interrupted ? ', ended before its time' : '';
  const seconds = formatNumber(measuredMs / 1_000);
  return `${formatPlace(target)} over ${speaks}, ${counted(connections, 'connection', formatCount(connections))}, ${pace}; ${kinds}; measured for ${seconds} s${cut}\n`;
}

function renderCounts(report: LoadReport): string {
  const { operations, connects, settings, accounts, client } = report;
  const wanted =
    settings.ratePerSecond === null
      ? ''
      : `, ${formatNumber(settings.ratePerSecond)} were asked for`;
  const rows = [
    ['answered', operations.answered, `${formatNumber(operations.perSecond)} a second${wanted}`],
    ['refused', operations.refused, ''],
    ['failed', operations.failed, ''],
    ['connects', connects.succeeded, connects.failed > 0 ? `${connects.failed} more failed` : ''],
    ['accounts', accounts.registered, accountWords(accounts)],
  ] as const;
  const counts = rows.map(([name, count, text]) =>
    `  ${name.padEnd(12)}${formatCount(count).padStart(12)}  ${text}`.trimEnd(),
  );
  const share = formatPercent(client.eventLoopUtilization);
  return `${[...counts, `  ${'client'.padEnd(12)}${share.padStart(12)}  busy`].join('\n')}\n`;
}

function accountWords({ leftBehind, deleted, registered }: LoadReport['accounts']): string {
  if (leftBehind > 0) return `${formatCount(leftBehind)} are left behind, see below`;
  return deleted === registered ? 'all deleted again' : '';
}

function renderLatencies({ latency, settings }: LoadReport): string {
  const open = settings.ratePerSecond !== null;
  const shown = latency.filter(({ of, from, count }) => {
    if (from === 'actual') return open;
    return of === 'all' || (count > 0 && settings.sendsShare > 0 && settings.sendsShare < 1);
  });
  const titles = latency[0]?.percentiles.map(({ percentile }) => `p${percentile}`) ?? [];
  const rows = shown.map((each) => [
    `  ${titleOf(each, open)}`,
    ...each.percentiles.map(({ us }) => time(us)),
    time(each.maxUs),
    time(each.meanUs),
    formatCount(each.count),
  ]);
  const head = ['  latency', ...titles, 'max', 'mean', 'operations'];
  const few = shown.flatMap(({ percentiles }) => percentiles.filter(({ us }) => us === null));
  const needs = new Set(
    few.map(
      ({ percentile, operationsNeeded }) => `p${percentile} needs ${formatCount(operationsNeeded)}`,
    ),
  );
  const note = few.length === 0 ? '' : `  -: too few operations; ${[...needs].join(', ')}\n`;
  return `${renderTable({ title: '', head, rows }, Number.POSITIVE_INFINITY)}${note}`;
}

function titleOf({ of, from }: LatencyReport, open: boolean): string {
  if (of !== 'all') return of === 'search' ? 'searches' : 'sends';
  if (!open) return 'all';
  return from === 'intended' ? 'all, since they were due' : 'all, since they were sent';
}

function time(us: number | null): string {
  return us === null ? '-' : formatValue(us, 'us');
}

function refusals({ statuses }: LoadReport): string[] {
  return statuses
    .filter(({ refusal }) => refusal)
    .map(({ status, count }) => `${formatCount(count)} × ${statusWords(status as never)}`);
}

function errors({ errors }: LoadReport): string[] {
  return errors.map(({ kind, count, text }) => `${formatCount(count)} × ${kind}: ${text}`);
}

function thresholds(report: LoadReport): string[] {
  const judged = report.thresholds.map(
    ({ name, met, text }) => `${met ? 'met   ' : 'MISSED'} --${name}: ${text}`,
  );
  const nothing = report.operations.answered === 0 && !report.interrupted;
  return nothing ? [...judged, 'MISSED nothing was answered'] : judged;
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`];
}
