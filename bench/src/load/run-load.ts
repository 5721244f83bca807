import { networkInterfaces } from 'node:os';
import { performance } from 'node:perf_hooks';
import { counted } from '@tandem/command';
import { formatPlace, type Place } from '@tandem/core';
import { readClientTls } from '@tandem/tls/client';
import { monotonicMs } from '../pacing/metronome.ts';
import { formatCount, formatNumber, formatPercent, formatValue } from '../report/words/format.ts';
import { LiveLine, secondLine } from './record/live-line.ts';
import { LoadRecord } from './record/record.ts';
import type { LoadReport } from './record/report.ts';
import type { LoadSettings } from './settings.ts';
import { judge } from './thresholds.ts';
import { Crowd } from './traffic/crowd.ts';
import { drive } from './traffic/drive.ts';
import { findTransport, type LoadTarget } from './traffic/transport.ts';

/** The part of its time that the client may be busy; beyond it, the client measures itself. */
const clientBusyMax = 0.9;
/** A load that is behind its rate by more than this part is not the load that was asked for. */
const behindMax = 0.03;

/** The longest time without a deletion before the remaining accounts are left behind, in milliseconds. */
const leavePatienceMs = 5_000;
/** The same when somebody has ended the load. */
const leavePatienceWhenEndedMs = 2_000;

/**
 * Puts the load on the server, deletes the accounts again, and returns the report.
 *
 * @param ended ends it early, with the report so far
 * @param progress gets the line of progress
 * @throws ChatError or Error when the connections cannot be opened; those that are open are closed again
 */
export async function runLoad(
  settings: LoadSettings,
  ended: AbortSignal,
  progress: NodeJS.WriteStream,
): Promise<LoadReport> {
  const startedAt = new Date().toISOString();
  const target = await targetOf(settings, ended);
  const record = new LoadRecord();
  const crowd = new Crowd(settings.connections, target, record);
  const of = formatCount(settings.connections);
  const live = new LiveLine(
    progress,
    () => `${formatCount(crowd.registered)} of ${of} connections open`,
  );
  let measuredMs = 0;
  let eventLoopUtilization = 0;
  let failure: unknown;
  try {
    await crowd.open(ended);
    live.say(startWords(crowd, target, settings));
    live.show(progressOf(record, settings));
    const before = performance.eventLoopUtilization();
    measuredMs = await drive(crowd.connections, settings, record, ended);
    eventLoopUtilization = performance.eventLoopUtilization(before).utilization;
  } catch (error) {
    failure = error;
  }
  record.close();
  live.show(() => `${formatCount(crowd.deleted)} of ${of} accounts deleted`);
  const accounts = await crowd.leave(ended.aborted ? leavePatienceWhenEndedMs : leavePatienceMs);
  live.stop();
  if (failure !== undefined && !ended.aborted) {
    if (accounts.leftBehind > 0) progress.write(`${leftBehindWords(accounts)}\n`);
    throw openingError(failure, accounts, settings);
  }
  const { place = { ...target, address: target.host } } = crowd;
  const measured = { ...record.report(measuredMs), measuredMs, accounts };
  const client = { eventLoopUtilization };
  const thresholds = judge(settings.thresholds, measured);
  const base = {
    schemaVersion: 1 as const,
    startedAt,
    target: targetReport(target, place),
    settings: settingsReport(settings),
    interrupted: ended.aborted,
    ...measured,
    client,
  };
  return {
    ...base,
    warnings: warningsOf(base),
    thresholds,
    ok: measured.operations.answered > 0 && thresholds.every(({ met }) => met),
  };
}

async function targetOf(settings: LoadSettings, ended: AbortSignal): Promise<LoadTarget> {
  const { host, port, mode, transport } = settings;
  const tls = await readClientTls(settings.tls);
  return {
    host,
    port,
    mode,
    tls,
    transport: transport ?? (await findTransport({ host, port, tls }, ended)),
  };
}

/** A load did not begin. Its message has the step that failed, and the reason. */
function openingError(
  cause: unknown,
  { registered }: LoadReport['accounts'],
  { connections }: LoadSettings,
): unknown {
  if (registered === 0 || !(cause instanceof Error)) return cause;
  const opened = `${formatCount(registered)} of ${formatCount(connections)}`;
  return new Error(`only ${opened} connections could be opened: ${cause.message}`, { cause });
}

function startWords(crowd: Crowd, target: LoadTarget, settings: LoadSettings): string {
  const { transport, mode, tls } = target;
  const { connections, warmUpMs, durationMs } = settings;
  const speaks = `${transport === 'socket' ? 'sockets' : `gRPC (${mode})`}${tls === undefined ? '' : ' and TLS'}`;
  const found = settings.transport === undefined ? ', as was found out' : '';
  const place = crowd.place === undefined ? target.host : formatPlace(crowd.place);
  const warmUp = warmUpMs > 0 ? ` after ${formatNumber(warmUpMs / 1_000)} s of warm-up` : '';
  return (
    `${counted(connections, 'connection', formatCount(connections))} to ${place} over ${speaks}${found}; ` +
    `measuring for ${formatNumber(durationMs / 1_000)} s${warmUp}. ` +
    `The accounts are named ${crowd.prefix}0 and so on; Ctrl-C deletes them and gives a summary`
  );
}

function progressOf(record: LoadRecord, { warmUpMs, durationMs }: LoadSettings): () => string {
  const beginAtMs = monotonicMs() + warmUpMs;
  return () => {
    const now = monotonicMs();
    if (now < beginAtMs) return `warming up for ${formatValue(beginAtMs - now, 'ms')} more`;
    return secondLine(beginAtMs + durationMs - now, record.errors, record.lastSecond(now));
  };
}

function targetReport({ transport, mode }: LoadTarget, place: Place): LoadReport['target'] {
  const { host, address, port } = place;
  return { host, address, port, transport, mode: transport === 'grpc' ? mode : null };
}

function settingsReport(settings: LoadSettings): LoadReport['settings'] {
  const { connections, pace, durationMs, warmUpMs, sendsShare, bodyChars, seed } = settings;
  const open = pace.kind === 'open' ? pace : undefined;
  return {
    connections,
    ratePerSecond: open?.ratePerSecond ?? null,
    arrivals: open?.arrivals ?? null,
    depth: pace.kind === 'closed' ? pace.depth : null,
    durationMs,
    warmUpMs,
    sendsShare,
    bodyChars,
    seed,
  };
}

function warningsOf(
  report: Pick<
    LoadReport,
    'target' | 'accounts' | 'client' | 'operations' | 'settings' | 'measuredMs'
  >,
): string[] {
  const { target, accounts, client, operations, settings, measuredMs } = report;
  const warnings: string[] = [];
  const share = client.eventLoopUtilization;
  if (share > clientBusyMax) {
    warnings.push(
      `this client was busy for ${formatPercent(share)} of the time, so its own limit is in these figures: take a lower rate, or several clients`,
    );
  }
  if (isOfThisMachine(target.address)) {
    warnings.push(
      'the server is on this machine and shares its processors with this client: from another machine it may carry more, over a slower network',
    );
  }
  const inTime = (operations.perSecond * measuredMs) / 1_000;
  if (settings.ratePerSecond !== null && inTime < operations.due * (1 - behindMax)) {
    warnings.push(
      `the rate was not kept: only ${formatCount(inTime)} of ${formatCount(operations.due)} operations were answered in time`,
    );
  }
  if (accounts.leftBehind > 0) warnings.push(leftBehindWords(accounts));
  return warnings;
}

function leftBehindWords({ leftBehind, prefix, reason }: LoadReport['accounts']): string {
  const why = reason === null ? '' : ` (${reason})`;
  const accounts = counted(leftBehind, 'account', formatCount(leftBehind));
  return `the server still has ${accounts} of this run${why}: their names begin with ${prefix}; to delete one, log in as it and type delete`;
}

function isOfThisMachine(address: string): boolean {
  const plain = address.replace(/%.*/, '');
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return /^127\./.test(plain) || own.some((each) => each.address === plain);
}
