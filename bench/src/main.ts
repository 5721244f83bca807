#!/usr/bin/env node
// The lab's command. This file puts the parts together, and nothing else does.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { cite, sourceOf } from './citations/index.ts';
import { measureComplexity, renderComplexity } from './complexity/index.ts';
import { hasOwnWire, laneNames, loadLane } from './lanes/index.ts';
import { compareReports, renderComparison, UnlikeMachinesError } from './report/compare.ts';
import { ReportError, readReport } from './report/read.ts';
import { renderTerminal } from './report/terminal.ts';
import { writeReport } from './report/write.ts';
import { takeLock } from './rig/lock.ts';
import { placementsHere } from './rig/placement.ts';
import { reportDirectory } from './run/directory.ts';
import { inWords } from './run/estimate.ts';
import { LabRun } from './run/lab-run.ts';
import { addRunOptions, type RunOptions, settingsFrom } from './run/options.ts';
import { presets } from './run/presets.ts';
import { takeSteps } from './run/progress.ts';
import { resolve, SettingsError } from './run/settings.ts';
import { stopOnSignals } from './run/stop-signal.ts';
import { scenarios } from './scenarios/index.ts';
import { measureWire, renderWire } from './wire/index.ts';

/** What somebody asked for in a way that cannot be. */
const usageErrors = [SettingsError, ReportError, UnlikeMachinesError];

const root = fileURLToPath(new URL('../../', import.meta.url));

const examples = `
Examples:
  $ pnpm bench                                        the core of the comparison
  $ pnpm bench:full                                   everything; it says beforehand how long
  $ pnpm bench --lanes sockets-framed,grpc-unary --scenarios latency
  $ pnpm bench --scenarios throughput --placement same-core --rounds 10
  $ pnpm bench compare bench/out/A bench/out/B        two reports, side by side
  $ pnpm bench list                                   the lanes and scenarios that there are

Ctrl-C ends a run with a report of what was measured by then; a second one ends it at once.`;

const program = new Command('bench')
  // What cannot be asked for ends with 2, whoever finds it.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('The lab: what sockets and gRPC cost, and where the cost goes.')
  .addHelpText('after', examples)
  .showHelpAfterError('(--help shows what there is)');
addRunOptions(program.command('run', { isDefault: true }))
  .summary('measure, and write a report (what is done when no command is named)')
  .addHelpText('after', `\nPresets:\n${presetLines()}${examples}`)
  .option('--details', 'print every table, and not only those that the verdict stands on')
  .action(run);
program
  .command('wire')
  .description('Say where every byte on the wire goes, for each operation on each lane.')
  .option('--lanes <names>', 'only these lanes, with commas between', (text) => text.split(','))
  .option('--tls', 'with TLS beside it')
  .option('--json', 'as JSON')
  .action(wire);
program
  .command('compare')
  .description('Set two reports side by side: what changed from A to B.')
  .argument('<A>', 'a report.json, or the directory that has it')
  .argument('<B>', 'the one to compare with it')
  .option('--unlike-machines', 'even when they come from unlike machines')
  .action(compare);
program
  .command('complexity')
  .description('Count the size and branching of what each transport needs.')
  .option('--json', 'as JSON')
  .action(complexity);
program
  .command('render')
  .description('Write report.md and report.html again from a report.json, and print the report.')
  .argument('<report>', 'the directory that has it')
  .option('--details', 'print every table, and not only those that the verdict stands on')
  .action(render);
program
  .command('cite')
  .description('Put the figures of the report that a document names into that document.')
  .argument('<document>', 'a Markdown file, such as docs/COMPARISON.md')
  .action(citeIn);
program.command('list').description('List the lanes, scenarios and placements.').action(list);

await program.parseAsync().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = usageErrors.some((kind) => error instanceof kind) ? 2 : 1;
});

async function run({ details, ...options }: RunOptions & { details?: true }): Promise<void> {
  const settings = settingsFrom(options);
  const resolved = resolve(settings);
  const lock = takeLock();
  const stop = stopOnSignals(() => process.stderr.write('\nending; the report follows\n'));
  try {
    const directory = reportDirectory(root, settings.out, new Date());
    const lab = await LabRun.prepare(root, resolved, stop.signal);
    const { cells, rounds, skipped } = lab.plan;
    if (cells.length === 0) throw new SettingsError(nothingToDo(skipped));
    process.stderr.write(
      `${cells.length} cells, ${rounds} rounds, fresh processes for each: ` +
        `about ${inWords(lab.estimatedMs)}\n`,
    );
    await takeSteps(lab.steps);
    const report = lab.report();
    await writeReport(report, directory);
    process.stdout.write(renderTerminal(report, { details: details === true }));
    process.stdout.write(`\nThe report is in ${relative(process.cwd(), directory) || '.'}/\n`);
    process.exitCode = stop.exitCode ?? 0;
  } finally {
    stop.stopListening();
    lock.release();
  }
}

async function wire(options: { lanes?: string[]; tls?: boolean; json?: boolean }): Promise<void> {
  const lanes = options.lanes ?? (await wireLanes());
  const ledger = await measureWire({ lanes, tls: options.tls === true });
  const color = process.stdout.isTTY === true;
  process.stdout.write(
    options.json ? `${JSON.stringify(ledger, null, 2)}\n` : renderWire(ledger, { color }),
  );
}

async function wireLanes(): Promise<string[]> {
  const lanes = await Promise.all(laneNames.map(loadLane));
  return lanes.filter((lane) => lane.hasChat && hasOwnWire(lane)).map(({ name }) => name);
}

function compare(a: string, b: string, options: { unlikeMachines?: boolean }): void {
  const unlikeMachines = options.unlikeMachines === true;
  const comparison = compareReports(readReport(a), readReport(b), { unlikeMachines });
  process.stdout.write(renderComparison(comparison));
}

async function render(directory: string, options: { details?: true }): Promise<void> {
  const report = readReport(directory);
  await writeReport(report, directory);
  process.stdout.write(renderTerminal(report, { details: options.details === true }));
}

function citeIn(document: string): void {
  const markdown = readFileSync(document, 'utf8');
  const source = sourceOf(markdown);
  if (source === undefined) throw new SettingsError(`${document} names no report`);
  writeFileSync(document, cite(markdown, readReport(join(dirname(document), source))));
}

async function complexity(options: { json?: boolean }): Promise<void> {
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

function presetLines(): string {
  return Object.values(presets)
    .map(({ name, summary }) => `  ${name.padEnd(7)} ${summary}\n`)
    .join('');
}

function nothingToDo(skipped: readonly { readonly reason: string }[]): string {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return `nothing of this can be measured: ${reasons.join('; ')}`;
}
