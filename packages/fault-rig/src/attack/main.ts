// `pnpm attack`. Only this file puts the parts together.
import {
  counted,
  exitOnWrongUsage,
  StandardOutput,
  stopOnSignals,
  usageExitCode,
} from '@tandem/command';
import { tandemServe } from '../server/server-process.ts';
import { type AttackCommandOptions, attackCommand } from './attack-command.ts';
import type { Attack } from './attacks/attack.ts';
import { attacks, attacksNamed } from './attacks/index.ts';
import { keep, measuredNow, readKept, renderJson } from './report/kept-report.ts';
import { renderMarkdown } from './report/markdown.ts';
import { PhaseLine } from './report/phase-line.ts';
import { renderList, renderRun } from './report/render.ts';
import { isGood, type RunReport } from './report/run-report.ts';
import { runAttacks } from './run/attack-run.ts';
import { anywhere, apart } from './run/placement.ts';

const output = StandardOutput.watch(process);

const command = attackCommand(run);
exitOnWrongUsage(command);
await command.parseAsync().catch(async (error: Error) => {
  process.stderr.write(`attack: ${error.message.trimEnd()}\n`);
  await output.flushed();
  process.exit(1);
});

async function run(names: readonly string[], options: AttackCommandOptions): Promise<void> {
  if (options.render !== undefined) {
    if (names.length > 0) command.error('error: --render takes no names of attacks');
    process.stdout.write(renderMarkdown(readKept(options.render)));
    return;
  }
  if (options.list) {
    process.stdout.write(renderList(names.length === 0 ? attacks : choose(names)));
    return;
  }
  const chosen = choose(names);
  const stop = stopOnSignals(() =>
    process.stderr.write('\nEnding this attack; once more leaves at once\n'),
  );
  const { seconds, baseline: baselineSeconds, store, serve } = options;
  const asked = { seconds, baselineSeconds, store, serve };
  const placement = (options.pin ? apart() : undefined) ?? anywhere;
  const measurement = measuredNow({ ...asked, placement: placement.description });
  const runs: RunReport[] = [];
  // Standard output has only the text for a program.
  const forPeople = !options.json && !options.markdown;
  const progress = new PhaseLine(process.stderr);
  for (const [i, attack] of chosen.entries()) {
    if (stop.signal.aborted) break;
    const place = `${i + 1} of ${chosen.length}`;
    const report = await runAttacks({
      command: tandemServe,
      attacks: [attack],
      ...asked,
      placement,
      stopped: stop.signal,
      onPhase: (phase) => progress.phase(`${place}: ${phase}`),
    });
    progress.clear();
    runs.push(report);
    if (forPeople) process.stdout.write(renderRun(report));
  }
  progress.close();
  const kept = keep(measurement, runs);
  if (options.json) process.stdout.write(renderJson(kept));
  if (options.markdown) process.stdout.write(renderMarkdown(kept));
  if (forPeople) process.stdout.write(conclude(runs));
  await output.flushed();
  process.exit(stop.exitCode ?? (runs.every(isGood) ? 0 : 1));
}

/** Ends with a message when a name is unknown. */
function choose(names: readonly string[]): readonly Attack[] {
  for (const name of names) {
    if (attacksNamed(name).length === 0) refuse(`There is no attack "${name}".`);
  }
  if (names.length === 0) refuse('It takes the name of an attack.');
  const chosen = names.flatMap((name) => attacksNamed(name));
  return [...new Map(chosen.map((attack) => [attack.name, attack])).values()];
}

function refuse(why: string): never {
  process.stderr.write(`${why} pnpm attack --list shows them; all stands for all of them.\n`);
  process.exit(usageExitCode);
}

function conclude(runs: readonly RunReport[]): string {
  const bad = runs.filter((report) => !isGood(report));
  const names = bad.flatMap((report) => report.attacks.map(({ attack }) => attack));
  const found = bad.length === 0 ? 'every verdict is good' : `FAILED: ${names.join(', ')}`;
  return `\n${counted(runs.length, 'attack')}: ${found}\n`;
}
