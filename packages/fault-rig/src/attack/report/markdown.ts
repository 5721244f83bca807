import type { Attack } from '../attacks/attack.ts';
import { attacksNamed } from '../attacks/index.ts';
import type { HonestKind } from '../honest/protocol.ts';
import type { KeptAttack, KeptReport, WorstDelay } from './kept-report.ts';
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

const usual: readonly string[] = ['framed send', 'converse send'] satisfies HonestKind[];

/**
 * Renders the table of docs/RELIABILITY.md, with the place and date of its measurement.
 *
 * @throws Error when there is an attack in the report that the rig does not have
 */
export function renderMarkdown(report: KeptReport): string {
  const { date, machine, node, commit, seconds, placement } = report;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    `Measured on ${date}, ${machine}, Node.js ${node}, commit ${commit}, ${seconds} s each, ${placement}.\n\n`,
    line(columns),
    line(columns.map(() => '---')),
    ...report.attacks.map(rowOf).map(line),
  ].join('');
}

function rowOf(report: KeptAttack): string[] {
  const { honest, alone, server, verdicts } = report;
  const { does, heldBy } = known(report.attack);
  const others = Object.entries(honest).filter(([kind]) => !usual.includes(kind));
  const failed = verdicts.filter(({ passed }) => !passed);
  const both = (kind: HonestKind) => `${worstOf(honest[kind])}, ${worstOf(alone[kind])}`;
  return [
    `\`${report.attack}\``,
    report.note === undefined ? does : `${does} (${report.note})`,
    both('framed send'),
    both('converse send'),
    others.map(([kind, delay]) => `${kind} ${worstOf(delay)}`).join(', '),
    inPercent(server.waitedShare),
    [server.rssBeforeBytes, server.rssPeakBytes, server.rssAfterBytes].map(inMegabytes).join(', '),
    inSeconds(report.stoppedInMs),
    [heldBy, ...failed.map(({ name, found }) => `**${name}: ${found}**`)].join('. '),
  ];
}

function known(name: string): Attack {
  const [found] = attacksNamed(name);
  if (found === undefined) throw new Error(`there is no attack ${name}`);
  return found;
}

/** The worst delay, with the part of it that the client itself had no processor, if that was long. */
function worstOf(delay: WorstDelay | undefined): string {
  if (delay === undefined) return '';
  const ownMs = ownMsOf(delay);
  const own = ownMs === 0 ? '' : ` (${ownMs} without a processor)`;
  return `${inMilliseconds(delay.worstMs)}${own}`;
}
