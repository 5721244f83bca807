import { mkdirSync } from 'node:fs';
import { join, relative, resolve as resolvePath } from 'node:path';
import { counted, stopOnSignals } from '@tandem/command';
import type { ReportOptions } from '../command.ts';
import { renderTerminal } from '../report/terminal/terminal.ts';
import { formatDuration } from '../report/words/format.ts';
import { takeLock } from '../rig/machine/lock.ts';
import { placementsHere } from '../rig/machine/placement.ts';
import { root } from '../root.ts';
import { leftOutHere, refuseImpossiblePlacements, refuseUnmeasured } from './asked.ts';
import { type BusyChoice, checkBusy } from './busy.ts';
import type { RunEstimate } from './estimate.ts';
import { LabRun } from './lab-run.ts';
import { takeSteps } from './progress.ts';
import { type Resolved, resolve } from './settings.ts';
import { type RunOptions, SettingsError, settingsFrom } from './settings-schema.ts';

/** Measures what the options ask for, and writes the report. Puts the parts of a run together. */
export async function run({
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
    const { writeReport } = await import('../report/write.ts');
    const lab = await LabRun.prepare(root, resolved, stop.signal);
    const { cells, skipped } = lab.plan;
    refuseUnmeasured(settings, lab.plan);
    if (cells.length === 0) throw new SettingsError(nothingToDo(skipped));
    await lab.probeMachine();
    process.stderr.write(leftOutHere(lab.plan));
    process.stderr.write(
      `${counted(cells.length, 'cell')}, ${roundsWords(resolved.limits)}, fresh processes for each: ` +
        `${estimateWords(lab.estimate)}\n`,
    );
    await checkBusy({
      choice: busy,
      signal: stop.signal,
      say: (line) => process.stderr.write(`${line}\n`),
    });
    await takeSteps(lab.steps);
    const report = lab.report();
    process.exitCode = stop.exitCode ?? (report.cells.length === 0 ? 1 : 0);
    if (report.cells.length === 0) {
      process.stderr.write('nothing was measured, so there is no report\n');
      return;
    }
    await writeReport(report, directory, { csv: csv === true, recordings: lab.recordings });
    process.stdout.write(renderTerminal(report, { details: details === true }));
    process.stdout.write(`\nThe report is in ${shown}/\n`);
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

function roundsWords({ roundsMin, roundsMax, timeMsMax }: Resolved['limits']): string {
  const rounds = counted(roundsMin, 'round');
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

/**
 * Returns the directory for the reports of a run, and makes it if it does not exist. It is made before anything
 * is measured, so that a failure does not come minutes later.
 *
 * @param root the top of the repository
 * @param asked the directory of the settings; by default a directory of its own below `bench/out`
 */
function reportDirectory(root: string, asked: string | undefined, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const named = asked ?? join(root, 'bench', 'out', stamp);
  try {
    // It fails if the path is relative and the working directory was removed.
    const directory = resolvePath(named);
    mkdirSync(directory, { recursive: true });
    return directory;
  } catch (cause) {
    const { message, syscall } = cause as NodeJS.ErrnoException;
    const reason = syscall === 'uv_cwd' ? 'the working directory is gone' : message;
    throw new Error(`the reports cannot go to ${named}: ${reason}; --out names another place`, {
      cause,
    });
  }
}
