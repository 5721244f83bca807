// The soak. Only this file puts the parts together.
import { appendFile, writeFile } from 'node:fs/promises';
import { hasPostgres } from '@tandem/chat/postgres/testing';
import { exitOnWrongUsage, StandardOutput, stopOnSignals } from '@tandem/command';
import { Progress } from './report/progress.ts';
import { isGood, renderSummary, type SoakSummary } from './report/summary.ts';
import { soak } from './run/soak.ts';
import { tandemServe } from './server/server-process.ts';
import { type SoakCommandOptions, soakCommand } from './soak-command.ts';

const noPostgres =
  'There is no PostgreSQL on this machine, which --nodes needs: apt-get install postgresql.';

const output = StandardOutput.watch(process);

const command = soakCommand(run);
exitOnWrongUsage(command);
await command.parseAsync().catch((error: Error) => leave(`soak: ${error.message.trimEnd()}`));

async function run(options: SoakCommandOptions): Promise<void> {
  const { minutes, clients, nodes, roundSeconds, fromRound, tls, out, server } = options;
  if (nodes !== undefined && !hasPostgres) await leave(noPostgres);
  // A file that cannot be written fails before the soak and not after it.
  if (out !== undefined) await appendFile(out, '').catch((error) => leave(inVain(out, error)));
  const seed = options.seed ?? Math.floor(Math.random() * 1_000_000_000);
  process.stdout.write(`Soaking for ${minutes} min with seed ${seed}; Ctrl-C ends it early\n`);
  const progress = new Progress(process.stdout, minutes * 60_000);
  const command = server ?? tandemServe;
  const stop = stopOnSignals(() =>
    process.stdout.write('\nEnding this round; once more leaves at once\n'),
  );
  const { summary, kept } = await soak({
    command,
    seed,
    minutes,
    clients,
    roundSeconds,
    fromRound,
    tls,
    ...(nodes !== undefined && { nodes: { count: nodes, hasStandby: true } }),
    stopped: stop.signal,
    onRound: (report, totals) => progress.round(report, totals),
  });
  progress.close();
  process.stdout.write(renderSummary(summary));
  if (!isGood(summary)) tellWhatIsWrong(summary, kept, tls);
  if (out !== undefined) {
    const text = `${JSON.stringify(summary, undefined, 2)}\n`;
    await writeFile(out, text).catch((error) => leave(inVain(out, error)));
  }
  await output.flushed();
  // A fault that was found is no less one when somebody ended the soak.
  process.exit(isGood(summary) ? (stop.exitCode ?? 0) : 1);
}

function inVain(out: string, error: Error): string {
  return `The summary cannot go to ${out}: ${error.message}.`;
}

async function leave(reason: string): Promise<never> {
  process.stderr.write(`${reason}\n`);
  await output.flushed();
  process.exit(1);
}

function tellWhatIsWrong(summary: SoakSummary, kept: string | undefined, tls: boolean): void {
  const { seed, clients, nodes, roundSeconds, violations, troubles } = summary;
  for (const { series, round, count, smallest } of violations) {
    const others = count > 1 ? `, and ${count - 1} more of this kind` : '';
    process.stderr.write(`\nIn round ${round} of the ${series} series${others}:\n${smallest}`);
  }
  for (const trouble of troubles) process.stderr.write(`\n${trouble}\n`);
  process.stderr.write(
    `\nSeed ${seed}. The same plans again:\n` +
      `  pnpm soak --seed ${seed} --clients ${clients} --round-seconds ${roundSeconds} --minutes ${Math.ceil(summary.minutes)}${tls ? ' --tls' : ''}${nodes === undefined ? '' : ` --nodes ${nodes}`}\n`,
  );
  if (kept !== undefined) process.stderr.write(`All that was recorded is in ${kept}\n`);
}
