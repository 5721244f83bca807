import { NumberOption, TextOption, textArgument } from '@tandem/command';
import { Command, Option } from 'commander';
import { placementNames } from '../rig/machine/placement.ts';
import { listOption } from '../run/options.ts';
import { settingRanges } from '../run/setting-ranges.ts';
import { seedTasks } from './tasks.ts';

/** The options of `bench seed`, defaults filled in. */
export interface SeedCommandOptions {
  readonly transport?: 'sockets' | 'grpc';
  readonly python: string;
  readonly tasks: readonly string[];
  readonly rounds: number;
  readonly placement: (typeof placementNames)[number];
  readonly warmUpOperations: number;
  readonly warmUpMs?: number;
  readonly measureMs?: number;
  readonly json?: string;
}

const help = `
The program is a public repository. Get it, and measure:
  $ git clone https://github.com/ericmshen/262-chat-app ../262-chat-app
  $ pnpm bench seed ../262-chat-app                          both transports, about a quarter of an hour
  $ pnpm bench seed ../262-chat-app --transport sockets      no grpcio needed
  $ pnpm bench seed ../262-chat-app --json seed.json

Both servers get the same client: over sockets one of the unframed dialect, over gRPC a generated stub
without a token. Each run has a fresh server and a fresh client process. The server of 2023 is started
as its README says, unchanged; what it prints goes nowhere. Over gRPC it needs Python with grpcio
(Debian: python3-grpcio).

Exit codes: 0 done; 1 a run failed, or the program is not there or does not start; 64 wrong options;
130 and 143 ended by Ctrl-C and SIGTERM.`;

/** The `seed` command; `action` is what it does. */
export function seedCommand(
  action: (program: string, options: SeedCommandOptions) => Promise<void>,
): Command {
  return new Command('seed')
    .summary('measure the program of 2023 beside our servers, with the same clients')
    .description(
      'Measure the servers of the program of 2023 and ours on this machine, with the same clients.',
    )
    .addArgument(textArgument('<directory>', 'a clone of the program of 2023', 'a directory'))
    .addOption(new Option('--transport <name>', 'only this transport').choices(['sockets', 'grpc']))
    .addOption(listOption('--tasks <names>', 'only these, with commas between').default(seedTasks))
    .addOption(
      new TextOption('--python <file>', 'the Python that runs the servers', 'a program').default(
        'python3',
      ),
    )
    .addOption(
      new NumberOption('--rounds <number>', 'rounds of fresh processes; an interval needs six', {
        min: 1,
        max: 100,
      }).default(6),
    )
    .addOption(
      new Option('--placement <name>', 'where server and client run')
        .choices(placementNames)
        .default('same-core'),
    )
    .addOption(
      new NumberOption('--warm-up-operations <number>', 'the fewest operations of a warm-up', {
        min: 1,
        max: 1_000_000,
      }).default(30_000),
    )
    .addOption(
      new NumberOption(
        '--warm-up-ms <ms>',
        'the longest wait after them until the run is steady (3000)',
        settingRanges.warmUpMs,
      ),
    )
    .addOption(
      new NumberOption(
        '--measure-ms <ms>',
        'the exact time that each run measures, for a trial; such figures are not to be cited',
        settingRanges.measureMs,
      ),
    )
    .addOption(
      new TextOption('--json <file>', 'write it as JSON too; - is standard output', 'a file'),
    )
    .addHelpText('after', help)
    .action(action);
}
