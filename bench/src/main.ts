#!/usr/bin/env node
// The lab's command. This file puts the parts together, and nothing else does.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StandardOutput, stopOnSignals } from '@tandem/command';
import type { CommanderError } from 'commander';
import { citedWords, citeInto, citingDocuments } from './citations/index.ts';
import { combineReports } from './combine/combine.ts';
import { renderCombination } from './combine/render.ts';
import { UnlikeSettingsError } from './combine/unlike-settings.ts';
import {
  type CombineOptions,
  labCommand,
  type ReportOptions,
  type WireOptions,
} from './command.ts';
import { compareReports } from './compare/compare.ts';
import { renderComparison } from './compare/render.ts';
import { UnlikeMachinesError } from './compare/unlike-machines.ts';
import { measureComplexity, renderComplexity } from './complexity/index.ts';
import { hasOwnWire, laneNames, loadLane } from './lanes/index.ts';
import type { LoadAddress, LoadOptions } from './load/command.ts';
import { refuseUnwritable, writeLoad } from './load/outputs.ts';
import { loadSettings } from './load/settings.ts';
import { ReportError, readReport } from './report/schema/read.ts';
import type { Report } from './report/schema/report.ts';
import { renderTerminal } from './report/terminal/terminal.ts';
import { formatDuration } from './report/words/format.ts';
import { takeLock } from './rig/lock.ts';
import { placementsHere } from './rig/placement.ts';
import { placementsLeftOut, refuseImpossiblePlacements, refuseUnmeasured } from './run/asked.ts';
import { type BusyChoice, checkBusy } from './run/busy.ts';
import { reportDirectory } from './run/directory.ts';
import type { RunEstimate } from './run/estimate.ts';
import { LabRun } from './run/lab-run.ts';
import { type RunOptions, settingsFrom } from './run/options.ts';
import { takeSteps } from './run/progress.ts';
import { type Resolved, resolve, SettingsError } from './run/settings.ts';
import { scenarios } from './scenarios/index.ts';
import type { SeedCommandOptions } from './seed/command.ts';
import { runSeed } from './seed/run-seed.ts';
import { SeedProgramError } from './seed/servers.ts';
import { absence, measureWire, recordWire, renderHexdump, renderWire } from './wire/index.ts';

/** The errors that a wrong request causes. */
const usageErrors = [
  SettingsError,
  ReportError,
  SeedProgramError,
  UnlikeMachinesError,
  UnlikeSettingsError,
];

StandardOutput.watch(process);

const root = fileURLToPath(new URL('../../', import.meta.url));

// What cannot be asked for ends with 2, whoever finds it.
const ended = ({ exitCode }: CommanderError) => process.exit(exitCode === 0 ? 0 : 2);
const program = labCommand({
  run,
  load,
  seed,
  wire,
  compare,
  combine,
  complexity,
  render,
  citeIn,
  list,
});
for (const command of [program, ...program.commands]) command.exitOverride(ended);

await program.parseAsync().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = usageErrors.some((kind) => error instanceof kind) ? 2 : 1;
});

async function run({
  details,
  csv,
  busy,
  ...options
}: RunOptions & ReportOptions & { busy: BusyChoice }): Promise<void> {
  const settings = settingsFrom(options);
  const resolved = resolve(settings);
  refuseImpossiblePlacements(settings, placementsHere());
  const lock = await takeLock();
  const stop = stopOnSignals(() => process.stderr.write('\nending; the report follows\n'));
  try {
    const directory = reportDirectory(root, settings.out, new Date());
    const shown = shownFromHere(directory);
    // Whatever becomes of the directory in which it was started, a run of minutes keeps its report.
    process.chdir(root);
    // Loaded now: the code on the disk may be another when the measuring is over.
    const { writeReport } = await import('./report/write.ts');
    const lab = await LabRun.prepare(root, resolved, stop.signal);
    const { cells, skipped } = lab.plan;
    refuseUnmeasured(settings, lab.plan);
    if (cells.length === 0) throw new SettingsError(nothingToDo(skipped));
    await lab.probeMachine();
    process.stderr.write(placementsLeftOut(lab.plan));
    process.stderr.write(
      `${cells.length} cells, ${roundsWords(resolved.limits)}, fresh processes for each: ` +
        `${estimateWords(lab.estimate)}\n`,
    );
    await checkBusy({
      ...{ choice: busy, signal: stop.signal },
      say: (line) => process.stderr.write(`${line}\n`),
    });
    await takeSteps(lab.steps);
    const report = lab.report();
    await writeReport(report, directory, { csv: csv === true, recordings: lab.recordings });
    process.stdout.write(renderTerminal(report, { details: details === true }));
    process.stdout.write(`\nThe report is in ${shown}/\n`);
    process.exitCode = stop.exitCode ?? 0;
  } finally {
    stop.stopListening();
    lock.release();
  }
}

/** Returns a path as it is shorter to read: from the working directory, or whole where that is gone. */
function shownFromHere(directory: string): string {
  try {
    return relative(process.cwd(), directory) || '.';
  } catch {
    return directory;
  }
}

async function load(address: LoadAddress, options: LoadOptions): Promise<void> {
  const settings = loadSettings(address, options);
  refuseUnwritable(options);
  // No other command has clients of both transports.
  const { runLoad } = await import('./load/run-load.ts');
  const stop = stopOnSignals(() =>
    process.stderr.write(
      '\nending; the summary follows when the accounts are deleted. A second signal ends at once, and leaves them behind\n',
    ),
  );
  try {
    const report = await runLoad(settings, stop.signal, process.stderr);
    writeLoad(report, options);
    process.exitCode = stop.exitCode ?? (report.ok ? 0 : 1);
  } catch (error) {
    // Ended before there was a connection.
    if (stop.exitCode === undefined) throw error;
    process.exitCode = stop.exitCode;
  } finally {
    stop.stopListening();
  }
}

async function seed(directory: string, options: SeedCommandOptions): Promise<void> {
  refuseUnwritable(options);
  const lock = await takeLock();
  const stop = stopOnSignals(() => process.stderr.write('\nending\n'));
  try {
    await runSeed(root, directory, options, stop.signal);
  } catch (error) {
    if (stop.exitCode === undefined) throw error;
  } finally {
    process.exitCode = stop.exitCode ?? process.exitCode;
    stop.stopListening();
    lock.release();
  }
}

async function wire(options: WireOptions): Promise<void> {
  const { lanes, tls, json, hex, html } = options;
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  if (hex !== undefined) {
    await wireHex(hex, {
      ...options,
      lanes: lanes ?? ['sockets-framed', 'grpc-converse', 'grpc-unary'],
      color,
    });
    return;
  }
  if (html !== undefined) {
    const { recordings } = await recordWire({ lanes: lanes ?? (await wireLanes()), tls: true });
    const { writeWirePage } = await import('./report/write.ts');
    await writeWirePage(recordings, html);
    process.stdout.write(`The page is ${html}\n`);
    return;
  }
  const ledger = await measureWire({ lanes: lanes ?? (await wireLanes()), tls: tls === true });
  process.stdout.write(
    json ? `${JSON.stringify(ledger, null, 2)}\n` : renderWire(ledger, { color }),
  );
}

async function wireHex(
  operation: string,
  { lanes, tls, first, color }: WireOptions & { lanes: readonly string[]; color: boolean },
): Promise<void> {
  const { recordings } = await recordWire({ lanes, tls: tls === true, until: operation });
  const asked = recordings.filter(
    ({ operation: name, call }) =>
      name === operation && (call === 'connection' || call === (first ? 'first' : 'warm')),
  );
  const missing = lanes.flatMap((lane) => {
    const reason = absence(lane, operation);
    return reason === undefined ? [] : [`${lane} has no ${operation}. ${reason}`];
  });
  if (asked.length === 0) {
    const none = `none of these lanes has the operation ${operation}`;
    throw new SettingsError([none, ...missing].join('\n'));
  }
  const dumps = asked.map((recording) => renderHexdump(recording, { color }));
  process.stdout.write([...dumps, ...missing.map((text) => `${text}\n`)].join('\n\n'));
}

async function wireLanes(): Promise<string[]> {
  const lanes = await Promise.all(laneNames.map(loadLane));
  return lanes.filter((lane) => lane.hasChat && hasOwnWire(lane)).map(({ name }) => name);
}

// The charts of a page take longer to load than all else, and most commands draw none.
async function writeReport(
  report: Report,
  directory: string,
  options: { csv: boolean },
): Promise<void> {
  const { writeReport } = await import('./report/write.ts');
  await writeReport(report, directory, options);
}

function compare(a: string, b: string, options: { unlikeMachines?: boolean }): void {
  const unlikeMachines = options.unlikeMachines === true;
  const comparison = compareReports(readReport(a), readReport(b), { unlikeMachines });
  process.stdout.write(renderComparison(comparison));
}

function combine(reports: string[], { details, markdown, json }: CombineOptions): void {
  const format = json ? 'json' : markdown ? 'markdown' : 'terminal';
  const combination = combineReports(reports.map(readReport));
  process.stdout.write(renderCombination(combination, format, { details: details === true }));
}

async function render(directory: string, { details, csv }: ReportOptions): Promise<void> {
  const report = readReport(directory);
  await writeReport(report, directory, { csv: csv === true });
  process.stdout.write(renderTerminal(report, { details: details === true }));
}

function citeIn(documents: string[], { report }: { report?: string }): void {
  const paths = documents.length > 0 ? documents : citingDocuments(root);
  for (const path of paths) {
    const cited = citeInto(path, report);
    process.stdout.write(citedWords(cited));
    if (cited.refused.length > 0) process.exitCode = 1;
  }
}

async function complexity(options: { json?: boolean }): Promise<void> {
  process.chdir(root);
  const report = await measureComplexity(root);
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : renderComplexity(report),
  );
}

async function list(): Promise<void> {
  process.stdout.write('Lanes:\n');
  for (const name of laneNames) {
    process.stdout.write(`  ${name.padEnd(26)}${(await loadLane(name)).description}\n`);
  }
  process.stdout.write('\nScenarios:\n');
  for (const { name, question } of scenarios) {
    process.stdout.write(`  ${name.padEnd(26)}${question}\n`);
  }
  process.stdout.write('\nPlacements on this machine:\n');
  const { possible, impossible } = placementsHere();
  for (const { name, description } of possible) {
    process.stdout.write(`  ${name.padEnd(26)}${description}\n`);
  }
  for (const { name, reason } of impossible) {
    process.stdout.write(`  ${name.padEnd(26)}not here: ${reason}\n`);
  }
}

function roundsWords({ roundsMin, roundsMax, timeMsMax }: Resolved['limits']): string {
  const rounds = `${roundsMin} ${roundsMin === 1 ? 'round' : 'rounds'}`;
  if (roundsMax === roundsMin) return rounds;
  const time = Number.isFinite(timeMsMax) ? ` while there are ${formatDuration(timeMsMax)}` : '';
  return `${rounds}, and more where intervals are wide${time}`;
}

function estimateWords({ promisedMs, mostMs }: RunEstimate): string {
  const promised = `about ${formatDuration(promisedMs)}`;
  if (mostMs === undefined || mostMs <= promisedMs) return promised;
  return `${promised}, and at most ${formatDuration(mostMs)} with rounds that are added`;
}

function nothingToDo(skipped: readonly { readonly reason: string }[]): string {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return `nothing of this can be measured: ${reasons.join('; ')}`;
}
