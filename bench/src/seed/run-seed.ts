import { writeFileSync } from 'node:fs';
import { absolutePath } from '@tandem/command';
import { fingerprint } from '../rig/machine/fingerprint.ts';
import { placementsHere } from '../rig/machine/placement.ts';
import { presets } from '../run/presets.ts';
import { timesOf } from '../run/settings.ts';
import { UsageError } from '../usage-error.ts';
import type { SeedCommandOptions } from './command.ts';
import { commitOf, measureSeed } from './measure.ts';
import { renderSeed } from './render.ts';
import type { SeedReport } from './report.ts';
import { refuseOtherProgram, seedTransports } from './servers.ts';
import { metricOf, type SeedTask, seedTasks } from './tasks.ts';

/** Measures the program of 2023 beside our servers, and writes what it found. */
export async function runSeed(
  root: string,
  directory: string,
  options: SeedCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const program = absolutePath(directory);
  const transports = seedTransports.filter(
    ({ name }) => options.transport === undefined || name === options.transport,
  );
  const unknown = options.tasks.find((task) => !Object.hasOwn(metricOf, task));
  if (unknown !== undefined) {
    throw new UsageError(`there is no task ${unknown}; there are ${seedTasks.join(', ')}`);
  }
  refuseOtherProgram(program, transports);
  const startedAt = new Date().toISOString();
  const measured = await measureSeed({
    tasks: options.tasks as readonly SeedTask[],
    program,
    transports,
    signal,
    python: options.python,
    rounds: options.rounds,
    placement: placementNamed(options.placement),
    times: { ...timesOf(presets.full, options), seed: 1 },
    onRun: (words) => process.stderr.write(`${words}\n`),
  });
  const { commit, machine, cpu, cores, kernel, runtime } = fingerprint(root);
  const report: SeedReport = {
    startedAt,
    program: commitOf(program),
    commit,
    machine: { machine, cpu, cores: String(cores), kernel, runtime },
    placement: options.placement,
    rounds: options.rounds,
    warmUpOperations: options.warmUpOperations,
    ...(options.measureMs !== undefined && { measureMs: options.measureMs }),
    ...measured,
  };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (options.json === '-') process.stdout.write(text);
  else {
    if (options.json !== undefined) writeFileSync(options.json, text);
    process.stdout.write(renderSeed(report));
  }
}

function placementNamed(name: SeedCommandOptions['placement']) {
  const { possible, impossible } = placementsHere();
  const placement = possible.find((each) => each.name === name);
  if (placement !== undefined) return placement;
  const reason = impossible.find((each) => each.name === name)?.reason;
  throw new UsageError(`${name} cannot be done here: ${reason}`);
}
