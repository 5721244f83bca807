import { TextOption, textArgument } from '@tandem/command';
import { Command, Option } from 'commander';
import { operations } from './bytes/record/script.ts';
import { type LoadAddress, type LoadOptions, loadCommand } from './load/command.ts';
import { type BusyChoice, busyChoices } from './run/busy.ts';
import { addRunOptions, listOption } from './run/options.ts';
import { presets } from './run/presets.ts';
import type { RunOptions } from './run/settings-schema.ts';
import { type SeedCommandOptions, seedCommand } from './seed/command.ts';

const examples = `
Examples:
  $ pnpm bench                                        the core of the comparison
  $ pnpm bench:full                                   everything; it first says how long that takes
  $ pnpm bench --lanes sockets-framed,grpc-unary --scenarios latency
  $ pnpm bench --scenarios throughput --placement same-core --rounds 10
  $ pnpm bench compare bench/out/A bench/out/B        two reports, side by side
  $ pnpm bench combine A B C                          reports of several machines, joined
  $ pnpm bench load 127.0.0.1:22067                   load on a running server; see load --help
  $ pnpm bench seed ../262-chat-app                   the program of 2023 beside ours
  $ pnpm bench list                                   the lanes and scenarios

Ctrl-C ends a run with a report of what was measured by then; a second one ends it at once.`;

const combineHelp = `
Run the same commit with the same settings on each machine (pnpm bench, pnpm bench:full), and give the
reports here. Each machine counts once; the interval is that of machines like these, and is wide with
two or three. The command refuses reports of other commits or settings, and lists the differences.

With --unlike-commits their commits may differ, and with them lockfiles, rules and scenarios. The command
lists the differences, and leaves out scenarios that differ. The difference between machines then contains
that between commits. Reports whose processor, memory and kernel are the same count as one machine, with
the rounds of all of them; they have to be of one commit.`;

const citeHelp = `
A figure that the report refuses (not valid, not steady, disturbed) stays as it was, and is listed with
the reason: write its sentence anew, or measure again. Lines whose figures moved by a quarter or more,
or whose verdict changed, are listed too: read them again. If a document or a report cannot be read, no
document is written.

Exit codes: 0 done; 1 a figure was refused, or a document or a report cannot be read or written; 64 wrong
options.`;

const wireHelp = `
Examples:
  $ pnpm wire                                         bytes by layer, in tables
  $ pnpm wire --hex send                              the bytes of a send over sockets, Converse and unary
  $ pnpm wire --hex login --first --lanes grpc-unary  a first login over unary calls
  $ pnpm wire --hex connect --tls                     the same over TCP and over TLS
  $ pnpm wire --html                                  a page to look at all of it, in bench/out/wire.html`;

const aReport = 'a report.json, or the directory that has it';
const details = 'print every table, and not only those that the verdict stands on';
const csv = 'write report.csv too: a row for each run and metric';

/** The action of each command of the lab. */
export interface LabActions {
  readonly run: (
    options: RunOptions & ReportOptions & { readonly busy: BusyChoice },
  ) => Promise<void>;
  readonly load: (address: LoadAddress, options: LoadOptions) => Promise<void>;
  readonly seed: (program: string, options: SeedCommandOptions) => Promise<void>;
  readonly wire: (options: WireOptions) => Promise<void>;
  readonly compare: (
    a: string,
    b: string,
    options: { readonly unlikeMachines?: true },
  ) => Promise<void>;
  readonly combine: (reports: string[], options: CombineOptions) => Promise<void>;
  readonly complexity: (options: { readonly json?: true }) => Promise<void>;
  readonly render: (directory: string, options: ReportOptions) => Promise<void>;
  readonly citeIn: (documents: string[], options: { readonly report?: string }) => Promise<void>;
  readonly list: () => Promise<void>;
}

/** The options of whatever ends with a report. */
export interface ReportOptions {
  readonly details?: true;
  readonly csv?: true;
}

/** The options of `bench wire`. */
export interface WireOptions {
  readonly lanes?: readonly string[];
  readonly tls?: true;
  readonly json?: true;
  readonly hex?: string;
  readonly first?: true;
  readonly html?: string;
}

/** The options of `bench combine`. */
export interface CombineOptions {
  readonly unlikeCommits?: true;
  readonly details?: true;
  readonly markdown?: true;
  readonly json?: true;
}

/** The lab's command with all that it can do: its help, its options, and what they may be. */
export function labCommand(actions: LabActions): Command {
  const program = new Command('bench')
    .description('The lab: what sockets and gRPC cost, and where the cost goes.')
    .addHelpText('after', examples)
    .showHelpAfterError('(--help shows what there is)');
  addRunOptions(program.command('run', { isDefault: true }))
    .summary('measure, and write a report (the default command)')
    .addHelpText('after', `\nPresets:\n${presetLines()}${examples}`)
    .addOption(
      new Option(
        '--busy <choice>',
        'if other programs keep the machine busy at the start: wait until they stop, report it and go on, or end',
      )
        .choices(busyChoices)
        .default('go-on'),
    )
    .option('--details', details)
    .option('--csv', csv)
    .action(actions.run);
  program.addCommand(loadCommand(actions.load).copyInheritedSettings(program));
  program.addCommand(seedCommand(actions.seed).copyInheritedSettings(program));
  program
    .command('wire')
    .description('Show the purpose of every byte on the wire, for each operation on each lane.')
    .addOption(listOption('--lanes <names>', 'only these lanes, with commas between'))
    .option('--tls', 'with TLS beside it')
    .option('--json', 'as JSON')
    .addOption(
      new Option('--hex <operation>', 'show its bytes, each with its meaning')
        .choices(operations)
        .conflicts(['json', 'html']),
    )
    .addOption(
      new TextOption('--html [file]', 'write a page that shows every byte', 'the path of a file')
        .preset('bench/out/wire.html')
        .conflicts('json'),
    )
    .option(
      '--first',
      'with --hex, the first such operation on its connection instead of a later one',
    )
    .addHelpText('after', wireHelp)
    .action(actions.wire);
  program
    .command('compare')
    .description('Compare two reports, and show what changed from A to B.')
    .addArgument(textArgument('<A>', aReport, aReport))
    .addArgument(textArgument('<B>', 'the report to compare with it', aReport))
    .option('--unlike-machines', 'compare them even if their machines differ')
    .action(actions.compare);
  program
    .command('combine')
    .description('Join reports of several machines, and show what holds for machines like these.')
    .addArgument(
      textArgument(
        '<reports...>',
        'a report.json of each machine, or the directories that have them',
        aReport,
      ),
    )
    .option(
      '--unlike-commits',
      'join them even if their commits differ, without the scenarios that differ',
    )
    .option('--details', 'every scenario and lane, and not only the main ratios')
    .addOption(new Option('--markdown', 'as Markdown').conflicts('json'))
    .option('--json', 'as JSON, with everything and every metric')
    .addHelpText('after', combineHelp)
    .action(actions.combine);
  program
    .command('complexity')
    .description('Count the size and branching of what each transport needs.')
    .option('--json', 'as JSON')
    .action(actions.complexity);
  program
    .command('render')
    .description('Write report.md and report.html again from a report.json, and print the report.')
    .addArgument(textArgument('<report>', aReport, aReport))
    .option('--details', details)
    .option('--csv', csv)
    .action(actions.render);
  program
    .command('cite')
    .description(
      'Write the figures of a report into the documents that name it, and list the sentences to read again. --report names another report.',
    )
    .addArgument(
      textArgument(
        '[documents...]',
        'Markdown files; by default all that name a report',
        'a document',
      ),
    )
    .addOption(
      new TextOption(
        '--report <directory>',
        'take this report, and name it in the documents',
        'a directory',
      ),
    )
    .addHelpText('after', citeHelp)
    .action(actions.citeIn);
  program
    .command('list')
    .description('List the lanes, scenarios and placements.')
    .action(actions.list);
  return program;
}

function presetLines(): string {
  return Object.values(presets)
    .map(({ name, summary }) => `  ${name.padEnd(7)} ${summary}\n`)
    .join('');
}
