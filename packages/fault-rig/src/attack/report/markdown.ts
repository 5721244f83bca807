import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { attacksNamed } from '../attacks/index.ts';
import type { HonestKind, HonestRecord } from '../honest/protocol.ts';
import { recordOf } from './render.ts';
import { type AttackReport, allVerdicts, type RunReport } from './run-report.ts';
import { ownMsOf } from './verdicts.ts';
import { inMegabytes, inMilliseconds, inPercent, inSeconds } from './words.ts';

const columns = [
  'attack',
  'what it does',
  'sockets: worst, alone',
  'Converse: worst, alone',
  'others: worst',
  'server waited',
  'memory: before, peak, after',
  'stop',
  'defence',
];

/** The table of docs/RELIABILITY.md, with the place and date of its measurement. */
export function renderMarkdown(runs: readonly RunReport[]): string {
  const rows = runs.flatMap((run) => run.attacks.map((attack) => rowOf(attack, run)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    `${whenAndWhere(runs)}\n\n`,
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
  ].join('');
}

function whenAndWhere(runs: readonly RunReport[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const seconds = runs[0]?.attacks[0]?.seconds ?? 0;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  return (
    `Measured on ${date}, ${machine}, Node.js ${process.version}, commit ${commit()}, ` +
    `${seconds} s each, ${runs[0]?.placement ?? ''}.`
  );
}

function commit(): string {
  try {
    const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim();
  } catch {
    return 'unknown';
  }
}

function rowOf(report: AttackReport, run: RunReport): string[] {
  const { attack, server } = report;
  const [found] = attacksNamed(attack);
  const others = report.honest.filter(({ kind }) => !isUsual(kind));
  const failed = allVerdicts(run).filter(({ passed }) => !passed);
  return [
    `\`${attack}\``,
    found?.does ?? '',
    delays('framed send', report, run),
    delays('converse send', report, run),
    others.map(({ kind, record }) => `${kind} ${worstOf(record)}`).join(', '),
    inPercent(server.waitedShare),
    [server.rssBeforeBytes, server.rssPeakBytes, server.rssAfterBytes].map(inMegabytes).join(', '),
    inSeconds(run.stoppedInMs),
    [found?.heldBy ?? '', ...failed.map(({ name, found }) => `**${name}: ${found}**`)].join('. '),
  ];
}

function delays(kind: HonestKind, report: AttackReport, run: RunReport): string {
  const worst = (results: AttackReport['honest']) => {
    const record = recordOf(results, kind)?.record;
    return record === undefined ? '' : worstOf(record);
  };
  return `${worst(report.honest)}, ${worst(run.baseline)}`;
}

/** The worst delay, with the part of it that the client itself had no processor, if that was long. */
function worstOf(record: HonestRecord): string {
  const ownMs = ownMsOf(record);
  const own = ownMs === 0 ? '' : ` (${ownMs} without a processor)`;
  return `${inMilliseconds(record.worstMs)}${own}`;
}

function isUsual(kind: HonestKind): boolean {
  return kind === 'framed send' || kind === 'converse send';
}
