import { counted } from '@tandem/command';
import type { Exit } from '../../server/server-process.ts';
import { type Attack, peakBytesDefault } from '../attacks/attack.ts';
import type { HonestKind, HonestRecord } from '../honest/protocol.ts';
import type { HonestResult } from '../run/honest-clients.ts';
import type { LoggedLines } from '../run/server-log.ts';
import type { ServerCost, Verdict } from './run-report.ts';
import { inMegabytes, inPercent, inSeconds } from './words.ts';

const delayMsMax = 100;
const ownMsShown = 5;
/** The memory that may remain above the earlier one when it counts as released, in bytes. */
export const memoryLeftBytesMax = 100_000_000;
// Lines of level info and above: a line at the beginning and one each ten seconds, of a few kinds.
const logLinesMax = 20;
const logLinesPerSecondMax = 2;
const stopMarginDefaultMs = 2_000;

/** The observations by which an attack is judged. */
export interface Judged {
  readonly attack: Attack;
  readonly seconds: number;
  readonly honest: readonly HonestResult[];
  readonly server: ServerCost;
  readonly log: LoggedLines;
  /** The wrong secrets that the server has checked, and the time since the attack's beginning. */
  readonly tried?: { readonly count: number; readonly afterSeconds: number } | undefined;
}

/** Compares the effects of an attack with the limits for any attack. */
export function judgeAttack(judged: Judged): Verdict[] {
  const { attack, seconds, honest, server, log } = judged;
  const expected = honest.filter(({ kind }) => !attack.mayBeRefused?.includes(kind));
  return [
    judgeDelay(expected, server),
    judgeService(expected),
    ...judgeTries(judged),
    judgePeak(server, attack.peakBytesMax ?? peakBytesDefault),
    judgeMemory(server),
    judgeLog(log, seconds),
  ];
}

/**
 * Compares the end of a server with the promises.
 *
 * @param death the way in which it ended before it was told to
 * @param marginMs the time that it may take beyond its grace
 */
export function judgeStop(
  exit: Exit | undefined,
  stoppedInMs: number,
  graceMs: number,
  death: string | undefined,
  marginMs = stopMarginDefaultMs,
): Verdict {
  if (death !== undefined) return { name: 'stop', passed: false, found: death };
  const allowed = `${inSeconds(graceMs)} of grace and ${inSeconds(marginMs)} more`;
  const how = exit === undefined ? 'did not end' : `ended with ${exit.signal ?? exit.code}`;
  return {
    name: 'stop',
    passed: exit?.code === 0 && stoppedInMs <= graceMs + marginMs,
    found: `${how} after ${inSeconds(stoppedInMs)}; it may take ${allowed}`,
  };
}

/** Makes a verdict that passes when the list of faults is empty. */
export function judgeTroubles(
  name: 'messages' | 'data',
  troubles: readonly string[],
  otherwise: string,
): Verdict {
  return { name, passed: troubles.length === 0, found: troubles.join('; ') || otherwise };
}

/** The clients whose delay depends only on the server; a long response takes time on any server. */
function isPrompt(kind: HonestKind): boolean {
  return !kind.endsWith('long-search');
}

function judgeDelay(honest: readonly HonestResult[], { waitedShare }: ServerCost): Verdict {
  const prompt = honest.filter(({ kind }) => isPrompt(kind));
  const worst = prompt.toSorted((a, b) => b.record.worstMs - a.record.worstMs)[0];
  const worstMs = worst?.record.worstMs ?? 0;
  return {
    name: 'delay',
    passed: worstMs < delayMsMax,
    found: `at worst ${Math.round(worstMs)} ms (${worst?.kind}${ownPart(worst?.record)}); it may be ${delayMsMax} ms; the server was ready without a processor ${inPercent(waitedShare)} of the time`,
  };
}

/** Says how much of the worst delay its own process waited for a processor, if that was long. */
export function ownPart(record: Pick<HonestRecord, 'worstOwnMs'> | undefined): string {
  const ownMs = record === undefined ? 0 : ownMsOf(record);
  return ownMs === 0 ? '' : `, ${ownMs} ms of it without a processor`;
}

/** Returns the milliseconds of the worst delay that its own process waited for a processor; 0 if they are few. */
export function ownMsOf({ worstOwnMs }: Pick<HonestRecord, 'worstOwnMs'>): number {
  return worstOwnMs < ownMsShown ? 0 : Math.round(worstOwnMs);
}

function judgeService(honest: readonly HonestResult[]): Verdict {
  const failed = honest.filter(({ record }) => record.served < record.asked);
  const asked = honest.reduce((sum, { record }) => sum + record.asked, 0);
  return {
    name: 'served',
    passed: failed.length === 0,
    found:
      failed.map(({ kind, record }) => `${kind}: ${notServed(record)}`).join('; ') ||
      `all ${asked} requests`,
  };
}

/** Describes the requests that were not served. */
export function notServed({ asked, served, refused, errors }: HonestRecord): string {
  const why = [
    ...Object.entries(refused).map(([status, count]) => `${count} answered ${status}`),
    ...Object.entries(errors).map(([code, count]) => `${count} ${code}`),
  ];
  return `${asked - served} of ${asked} not served (${why.join(', ')})`;
}

function judgeTries({ attack: { tries }, tried }: Judged): Verdict[] {
  if (tries === undefined) return [];
  if (tried === undefined) {
    return [{ name: 'tries', passed: false, found: 'the server gave no figures' }];
  }
  const { count, afterSeconds } = tried;
  const max = tries.atOnce + Math.floor(afterSeconds * tries.perSecond);
  const found = `${count} wrong secrets looked into; it may be ${max}`;
  return [{ name: 'tries', passed: count > 0 && count <= max, found }];
}

function judgePeak({ rssBeforeBytes, rssPeakBytes }: ServerCost, maxBytes: number): Verdict {
  const grown = rssPeakBytes - rssBeforeBytes;
  return {
    name: 'peak',
    passed: grown <= maxBytes,
    found: `${inMegabytes(grown)} more memory at the peak; it may be ${inMegabytes(maxBytes)}`,
  };
}

function judgeMemory({ rssBeforeBytes, rssAfterBytes, backAfterMs }: ServerCost): Verdict {
  const left = rssAfterBytes - rssBeforeBytes;
  const when = backAfterMs === undefined ? '' : ` after ${inSeconds(backAfterMs)}`;
  return {
    name: 'memory',
    passed: left <= memoryLeftBytesMax,
    found: `${inMegabytes(left)} left${when}; it may be ${inMegabytes(memoryLeftBytesMax)}`,
  };
}

function judgeLog({ messages, foreign }: LoggedLines, attackSeconds: number): Verdict {
  const lines = messages.filter(({ level }) => level !== 'debug' && level !== 'trace');
  const count = lines.reduce((sum, message) => sum + message.lines, 0);
  const errors = lines.filter(({ level }) => level === 'error' || level === 'fatal');
  const max = logLinesMax + Math.ceil(logLinesPerSecondMax * attackSeconds);
  const wrong = [
    ...errors.map(({ level, message, lines }) => `${lines} of level ${level}: ${message}`),
    ...(count > max ? [`${counted(count, 'line')} where ${max} may be`] : []),
    ...foreign.map((line) => `outside the log: ${line}`),
  ];
  return {
    name: 'log',
    passed: wrong.length === 0,
    found: wrong.join('; ') || counted(count, 'line'),
  };
}
