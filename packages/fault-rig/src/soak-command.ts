import { Command, InvalidArgumentError } from 'commander';

/** What `pnpm soak` is told, defaults filled in. */
export interface SoakCommandOptions {
  readonly minutes: number;
  /** Drawn by chance unless told. */
  readonly seed: number | undefined;
  readonly clients: number;
  readonly roundSeconds: number;
  readonly fromRound: number;
  readonly out: string | undefined;
  readonly server: readonly string[] | undefined;
}

const description = `Drive real servers with many clients over every transport, kill and hurt them in every way
there is, and check that every promise was kept. docs/RELIABILITY.md says what is promised.`;

const examples = `
Examples:
  $ pnpm soak --minutes 20                     twenty minutes
  $ pnpm soak --minutes 20 --out soak.json     with the summary as JSON
  $ pnpm soak --seed 7 --from-round 12         the plans of seed 7 again, from round 12 on

The same seed, clients and round length make the same plans: what is asked and what is
broken, and when. How the processes of a run interleave is the machine's affair.
It needs Linux. As root it also fills up the disk of a server, a small one made for it.`;

/** The command; `action` is what it does. */
export function soakCommand(action: (options: SoakCommandOptions) => Promise<void>): Command {
  return new Command('soak')
    .description(description)
    .option('--minutes <minutes>', 'how long', positive, 1)
    .option('--seed <seed>', 'makes the plans', whole)
    .option('--clients <count>', 'clients at once, at least 4', atLeast(4), 24)
    .option('--round-seconds <seconds>', 'how long a plan is', positive, 20)
    .option('--from-round <number>', 'the round to begin with', whole, 0)
    .option('--out <file>', 'where the summary goes as JSON')
    .option('--server <command...>', 'another program than tandem serve, to test this one')
    .addHelpText('after', examples)
    .showHelpAfterError('Try --help.')
    .action(action);
}

function positive(text: string): number {
  const number = Number(text);
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || number <= 0) {
    throw new InvalidArgumentError('It takes a number above 0.');
  }
  return number;
}

function whole(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

function atLeast(min: number): (text: string) => number {
  return (text) => {
    const number = whole(text);
    if (number < min) throw new InvalidArgumentError(`It takes at least ${min}.`);
    return number;
  };
}
