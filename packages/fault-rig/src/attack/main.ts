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
  if (options.list) {
    process.stdout.write(renderList(names.length === 0 ? attacks : choose(names)));
    return;
  }
  const chosen = choose(names);
  const stop = stopOnSignals(() =>
    process.stderr.write('\nEnding this attack; once more leaves at once\n'),
  );
  const runs: RunReport[] = [];
  // Standard output has only the text for a program.
  const forPeople = !options.json && !options.markdown;
  const progress = new PhaseLine(process.stderr);
  for (const [i, attack] of chosen.entries()) {
    if (stop.signal.aborted) break;
    const place = `${i + 1} of ${chosen.length}`;
    const report = await attackOnce(attack, options, stop.signal, (phase) =>
      progress.phase(`${place}: ${phase}`),
    );
    progress.clear();
    runs.push(report);
    if (forPeople) process.stdout.write(renderRun(report));
  }
  progress.close();
  if (options.json) process.stdout.write(`${JSON.stringify(runs, undefined, 2)}\n`);
  if (options.markdown) process.stdout.write(renderMarkdown(runs));
  if (forPeople) process.stdout.write(conclude(runs));
  await output.flushed();
  process.exit(stop.exitCode ?? (runs.every(isGood) ? 0 : 1));
}

function attackOnce(
  attack: Attack,
  { seconds, baseline, store, serve, pin }: AttackCommandOptions,
  stopped: AbortSignal,
  onPhase: (phase: string) => void,
): Promise<RunReport> {
  return runAttacks({
    command: tandemServe,
    attacks: [attack],
    seconds,
    baselineSeconds: baseline,
    store,
    serve,
    placement: (pin ? apart() : undefined) ?? anywhere,
    stopped,
    onPhase,
  });
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
