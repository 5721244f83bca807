import { counted } from '@tandem/command';
import type { Attack } from '../attacks/attack.ts';
import type { HonestKind } from '../honest/protocol.ts';
import type { HonestResult } from '../run/honest-clients.ts';
import type { LoggedLines } from '../run/server-log.ts';
import { type AttackReport, allVerdicts, isGood, type RunReport } from './run-report.ts';
import { notServed, ownPart } from './verdicts.ts';
import { inMegabytes, inMilliseconds, inPercent, inSeconds } from './words.ts';

const logKindsMax = 5;

/** Renders the report of a run as text for a person. */
export function renderRun(run: RunReport): string {
  const parts = run.attacks.map((attack) => renderAttack(attack, run.baseline));
  const ends = run.verdicts.map(({ name, found }) => row(name, found));
  const failed = allVerdicts(run).filter(({ passed }) => !passed);
  const verdict = isGood(run)
    ? row('verdict', 'good')
    : failed.map(({ name, found }) => row('FAILED', `${name}: ${found}`)).join('');
  return [...parts, ...ends, verdict].join('');
}

/** Lists the attacks, with the name, the actions and the defence of each. */
export function renderList(attacks: readonly Attack[]): string {
  const groups = [...Map.groupBy(attacks, ({ family }) => family)];
  return groups
    .map(([family, members]) => {
      const lines = members.map(
        ({ name, does, heldBy }) =>
          `  ${name.padEnd(26)}${does}\n${' '.repeat(28)}defence: ${heldBy}\n`,
      );
      return `${family}\n${lines.join('')}`;
    })
    .join('\n');
}

function renderAttack(report: AttackReport, baseline: readonly HonestResult[]): string {
  const { attack, note, server, counts, log } = report;
  const back =
    server.backAfterMs === undefined ? 'not back' : `after ${inSeconds(server.backAfterMs)}`;
  const cameOfIt = Object.entries(counts).map(
    ([what, count]) => `${count.toLocaleString('en-US')} ${what}`,
  );
  return [
    `\n${attack}, ${report.seconds} s\n`,
    ...report.honest.map((honest) => renderHonest(honest, recordOf(baseline, honest.kind))),
    row(
      'memory',
      `${inMegabytes(server.rssBeforeBytes)}, peak ${inMegabytes(server.rssPeakBytes)}, ` +
        `${inMegabytes(server.rssAfterBytes)} ${back}`,
    ),
    row(
      'descriptors',
      `${server.descriptorsBefore}, peak ${server.descriptorsPeak}, ${server.descriptorsAfter} after`,
    ),
    row(
      'processor',
      `${server.cpuShare.toFixed(2)} of a core; ready without one ${inPercent(server.waitedShare)} of the time`,
    ),
    ...(cameOfIt.length === 0 ? [] : [row('came of it', cameOfIt.join(', '))]),
    ...(note === undefined ? [] : [row('note', note)]),
    row('log', renderLog(log)),
  ].join('');
}

function renderHonest({ kind, record }: HonestResult, alone: HonestResult | undefined): string {
  const served =
    record.served === record.asked ? `all ${record.asked} served` : notServed(record).toUpperCase();
  const before = alone === undefined ? '' : ` (alone ${inMilliseconds(alone.record.worstMs)})`;
  const times =
    `worst ${inMilliseconds(record.worstMs)}${ownPart(record)}${before}, ` +
    `p99 ${inMilliseconds(record.p99Ms)}, p50 ${inMilliseconds(record.p50Ms)}`;
  return row(kind, `${times}; ${served}`);
}

function renderLog({ messages, foreign, bytes }: LoggedLines): string {
  if (bytes === 0) return 'nothing';
  const shown = messages
    .slice(0, logKindsMax)
    .map(({ level, message, lines }) => `${lines} ${level} "${message}"`);
  const more =
    messages.length > logKindsMax ? [`and ${counted(messages.length - logKindsMax, 'other')}`] : [];
  return [...shown, ...more, ...foreign.map((line) => `OUTSIDE THE LOG: ${line}`)].join(', ');
}

/** Returns the record of a client of this kind. */
function recordOf(results: readonly HonestResult[], kind: HonestKind): HonestResult | undefined {
  return results.find((result) => result.kind === kind);
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(22)}${text}\n`;
}
