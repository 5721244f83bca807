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
Alice uses sockets and bob uses gRPC, on one chat service. The demo counts every byte of TCP's payload,
in both directions, between each client and its server. It needs no server, and leaves no data.

With --nodes 3, three servers share one chat. Alice is at the first server, and bob at the second. The
demo kills the second while she writes to him. He resumes at the third, and nothing is lost. This needs
the programs of PostgreSQL on this machine (initdb and postgres); the demo starts a server of its own in
a temporary directory. Ctrl-C ends all of it.`;

/** The `demo` command; `action` is what it does. */
export function demoCommand(action: (options: DemoCommandOptions) => Promise<void>): Command {
  return new Command('demo')
    .summary('play a short chat over both transports, with its bytes')
    .description('Play a short chat over both transports, and count the bytes of each step.')
    .addOption(
      option('--mode <mode>', 'of gRPC: one stream for all requests, or a call for each')
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
