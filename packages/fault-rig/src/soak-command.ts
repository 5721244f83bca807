import { NumberOption, TextOption } from '@tandem/command';
import { Command } from 'commander';

/** The options of `pnpm soak`, with defaults filled in. */
export interface SoakCommandOptions {
  readonly minutes: number;
  /** The seed; random by default. */
  readonly seed: number | undefined;
  readonly clients: number;
  /** The number of nodes that share a PostgreSQL; undefined for servers by themselves. */
  readonly nodes: number | undefined;
  readonly roundSeconds: number;
  readonly fromRound: number;
  readonly tls: boolean;
  readonly out: string | undefined;
  readonly server: readonly string[] | undefined;
}

const dayMinutes = 24 * 60;

// A timer of Node.js takes 2^31-1 ms, which is 24.8 days.
const minutes = { min: 0.01, max: 24 * dayMinutes, fractions: true };
const roundSeconds = { min: 0.1, max: 3_600, fractions: true };
const seeds = { min: 0, max: 999_999_999_999_999 };
const rounds = { min: 0, max: 1_000_000_000 };
// Two clients in each series, up to a number that one machine can run, each with connections of its own.
const clients = { min: 4, max: 1_000 };

const nodes = { min: 2, max: 9 };

const description =
  'Run real servers with many clients over every transport, kill them and cause faults of every kind, ' +
  'and check that every promise was kept. docs/RELIABILITY.md lists the promises.';

const examples = `
Examples:
  $ pnpm soak --minutes 20                     twenty minutes
  $ pnpm soak --minutes 20 --out soak.json     with the summary as JSON
  $ pnpm soak --seed 7 --from-round 12         the plans of seed 7 again, from round 12 on
  $ pnpm soak --tls                            half of the clients over TLS
  $ pnpm soak --nodes 3 --minutes 8            three nodes, whose PostgreSQL fails, too

The same seed, clients and round length make the same plans: the same requests and faults at
the same times. The order in which the processes run still differs from run to run.
It needs Linux. As root it also fills the disk of a server, which is a small one of its own.
--nodes needs the system's PostgreSQL (apt-get install postgresql); it starts servers of its own in
a temporary directory.

Exit code 0: every promise was kept; 1: one was not, or there was trouble; 130 and 143: ended by Ctrl-C
and SIGTERM, and every promise was kept until then.`;

/** The command; `action` is what it does. */
export function soakCommand(action: (options: SoakCommandOptions) => Promise<void>): Command {
  return new Command('soak')
    .description(description)
    .addOption(new NumberOption('--minutes <minutes>', 'how long', minutes).default(1))
    .addOption(new NumberOption('--seed <seed>', 'start of the random plans', seeds))
    .addOption(new NumberOption('--clients <count>', 'clients at once', clients).default(24))
    .addOption(
      new NumberOption('--nodes <count>', 'use this many servers that share a PostgreSQL', nodes),
    )
    .addOption(
      new NumberOption('--round-seconds <seconds>', 'how long a plan is', roundSeconds).default(20),
    )
    .addOption(
      new NumberOption('--from-round <number>', 'the round to begin with', rounds).default(0),
    )
    .option('--tls', 'servers offer TLS, and every second client uses it', false)
    .addOption(new TextOption('--out <file>', 'where the summary goes as JSON', 'a file'))
    .addOption(
      new TextOption(
        '--server <command...>',
        'test this program instead of tandem serve',
        'a program and its arguments',
      ),
    )
    .addHelpText('after', examples)
    .showHelpAfterError('Try --help.')
    .action(action);
}
