import { Command, Option } from 'commander';
import { numberOption, option } from '../option.ts';

/** The options of `tandem demo`, defaults filled in. */
export interface DemoCommandOptions {
  readonly mode: 'unary' | 'converse';
  /** Present when the bytes are to be shown, and not only counted. */
  readonly hex?: true;
  /** The number of servers that share a PostgreSQL; undefined for one without. */
  readonly nodes?: number;
}

const notes = `
Alice is on sockets and bob on gRPC, on one chat service. Every byte of TCP's payload is counted, in
both directions, between each client and its server. Nothing has to run before, and no data is left.

With --nodes 3, that many servers share one chat: alice is at the first and bob at the second, which is
killed while she writes to him. He resumes at the third, and nothing is lost. It needs the programs of
PostgreSQL on this machine (initdb and postgres), and starts a server of its own in a temporary directory.
Ctrl-C ends all of it.`;

/** The `demo` command; `action` is what it does. */
export function demoCommand(action: (options: DemoCommandOptions) => Promise<void>): Command {
  return new Command('demo')
    .summary('see both transports at work, with the bytes of each step')
    .description('Play a short chat over both transports, and count the bytes of each step.')
    .addOption(
      option('--mode <mode>', 'of gRPC: one stream for all, or a call for each request')
        .choices(['converse', 'unary'])
        .default('converse'),
    )
    .addOption(
      new Option(
        '--hex',
        'show the bytes of each step, each with its layer and its meaning',
      ).conflicts('nodes'),
    )
    .addOption(
      numberOption(
        '--nodes <number>',
        'play over several servers on one PostgreSQL, and kill one',
        {
          min: 3,
          max: 9,
        },
      ),
    )
    .addHelpText('after', notes)
    .action(action);
}
