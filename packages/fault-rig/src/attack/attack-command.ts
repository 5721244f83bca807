import { NumberOption, TextOption } from '@tandem/command';
import { Command, InvalidArgumentError, Option } from 'commander';
import { families } from './attacks/attack.ts';

/** The options of `pnpm attack`, with defaults filled in. */
export interface AttackCommandOptions {
  readonly seconds: number;
  readonly baseline: number;
  readonly store: 'sqlite' | 'memory';
  readonly serve: readonly string[];
  readonly pin: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly markdown: boolean;
  /** The file of a report whose table is printed in place of an attack. */
  readonly render: string | undefined;
}

const span = { min: 0.1, max: 86_400, fractions: true };

const description = `Attack a real server on this machine, and show what the attack costs other clients.

It starts tandem serve on a temporary directory, lets honest clients work alone for a while, attacks, \
waits until the server's memory is back, attacks again, and stops the server meanwhile. The honest \
clients send a request every few milliseconds without waiting for responses, so a stall counts in full. \
It attacks only the server that it has started.`;

const examples = `
Names are those of --list, of a group (${families.join(', ')}), or all;\nseveral joined by + attack at once.

Examples:
  $ pnpm attack --list                                the attacks, or those that are named
  $ pnpm attack rapid-reset                           ten seconds of one
  $ pnpm attack silent-calls --seconds 600            ten minutes of it
  $ pnpm attack rapid-reset+silent-calls              both at once
  $ pnpm --silent attack http2 --json > http2.json    a group, as a report
  $ pnpm --silent attack --render http2.json          the table of that report
  $ pnpm attack slow-sockets --store memory --serve "--idle-before-login 5"

Each attack has a server of its own. The server runs on one core and the clients on the others,
attackers with a lower priority. Exit code 0: every verdict is good; 1: one is not, or the
server does not start; 130 and 143: ended by Ctrl-C and SIGTERM, with the results so far.
It needs Linux.`;

/** The command; `action` is what it does. */
export function attackCommand(
  action: (names: readonly string[], options: AttackCommandOptions) => Promise<void>,
): Command {
  return new Command('attack')
    .description(description)
    .argument('[names...]', 'attacks')
    .addOption(new NumberOption('--seconds <seconds>', 'how long each attacks', span).default(10))
    .addOption(
      new NumberOption(
        '--baseline <seconds>',
        'how long honest clients are alone before',
        span,
      ).default(3),
    )
    .addOption(
      new Option('--store <store>', 'where the server keeps its data')
        .choices(['sqlite', 'memory'])
        .default('sqlite'),
    )
    .addOption(
      new TextOption(
        '--serve <options>',
        'options passed on to tandem serve',
        'options, as one argument',
        words,
      ).default([], 'none'),
    )
    .option('--no-pin', 'let the system choose the core of each process')
    .option('--list', 'list the attacks, and the defence against each', false)
    .option('--json', 'print a report as JSON: the figures of the table, and the verdicts', false)
    .addOption(
      new Option('--markdown', 'print the table of docs/RELIABILITY.md')
        .default(false)
        .conflicts('json'),
    )
    .addOption(
      new TextOption(
        '--render <file>',
        'attack nothing, and print the table of a report of --json',
        'a file',
      ).conflicts(['seconds', 'baseline', 'store', 'serve', 'pin', 'list', 'json', 'markdown']),
    )
    .addHelpText('after', examples)
    .showHelpAfterError('Try --help.')
    .action(action);
}

// What the rig itself says to the server: it reads what comes of it.
const ownOfRig = /^--(store|data-dir|host|transport|socket-port|grpc-port|log-format|config)(=|$)/;

function words(text: string): string[] {
  const options = text.trim().split(/\s+/);
  const own = options.find((option) => ownOfRig.test(option));
  if (own === undefined) return options;
  throw new InvalidArgumentError(`It takes no ${own}, which the attack itself sets.`);
}
