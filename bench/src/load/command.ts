import {
  addClientTlsOptions,
  type ClientTlsArguments,
  NumberOption,
  TextOption,
} from '@tandem/command';
import {
  defaultGrpcPort,
  defaultSocketPort,
  messageCharsMax,
  parseAddress,
  type TransportName,
} from '@tandem/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ErrorsMax, parseErrorsMax } from './thresholds.ts';

/** The server's host and port. */
export interface LoadAddress {
  readonly host: string;
  readonly port: number;
}

/** The options of `bench load`, defaults filled in. */
export interface LoadOptions extends ClientTlsArguments {
  readonly transport?: TransportName;
  readonly mode?: 'converse' | 'unary';
  readonly connections: number;
  readonly rate?: number;
  readonly arrivals?: 'poisson' | 'constant';
  readonly depth?: number;
  readonly duration: number;
  readonly warmUp: number;
  readonly sends: number;
  readonly bodyChars: number;
  readonly seed: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly errors?: ErrorsMax;
  readonly rateMin?: number;
  readonly json?: string;
  readonly csv?: string;
}

const examples = `
Examples:
  $ pnpm bench load 127.0.0.1:${defaultSocketPort}
      16 connections, each with one operation under way, for ten seconds
  $ pnpm bench load chat.example.org:${defaultGrpcPort} --connections 200 --rate 2000
      2,000 operations a second over 200 connections, answered or not
  $ pnpm bench load [::1]:${defaultGrpcPort} --transport grpc --mode unary --sends 1
      sends alone, each as a call of its own
  $ pnpm bench load 127.0.0.1:${defaultSocketPort} --rate 500 --p99-ms 20 --errors 0 --json load.json
      for CI: exit code 1 when a threshold is missed

With --rate, operations are due at moments that do not depend on responses (an open loop), and a
latency counts from the moment at which its operation was due: what waits because the server stalls
has waited. The latency from the moment of sending is shown beside it. Without --rate, each
connection sends the next operation when one is answered (a closed loop), which hides such stalls.

Each connection has an account of its own with a random name. It searches for the account of the
next connection, or sends to it; that one takes what arrives. All accounts are deleted afterwards,
also after Ctrl-C; where that is not possible, it says which are left.

Refusals (123, 27 …), failed operations and failed connects are errors. A connection that breaks
connects again each second. Percentiles are of operations that were answered and not refused.

Exit codes: 0 done, thresholds met; 1 a threshold missed, nothing answered, or no load possible;
64 wrong options, or too few open files; 130 and 143 ended by Ctrl-C and SIGTERM, with a summary.`;

const secondsMax = 7 * 86_400;
const rates = { min: 0.01, max: 1_000_000, fractions: true };
const latencies = { min: 0.001, max: 3_600_000, fractions: true };

/** The `load` command; `action` is what it does. */
export function loadCommand(
  action: (address: LoadAddress, options: LoadOptions) => Promise<void>,
): Command {
  const command = new Command('load')
    .summary('put load on a running server, and measure its responses')
    .description(
      'Put load on a running Tandem server, and measure its responses. Thresholds decide the exit code.',
    )
    .argument(
      '<HOST:PORT>',
      'the server: 127.0.0.1:22067, chat.example.org:22068, [::1]:22067',
      address,
    );
  addLoadOptions(command);
  addClientTlsOptions(command);
  addThresholds(command);
  addOutputs(command);
  return command.addHelpText('after', examples).action(action);
}

function addLoadOptions(command: Command): void {
  command
    .optionsGroup('The load:')
    .addOption(
      new Option(
        '--transport <transport>',
        'the transport of the server at this port (default: the load finds out)',
      ).choices(['socket', 'grpc']),
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'of gRPC: one stream for all requests, or a call for each (default: converse)',
      ).choices(['converse', 'unary']),
    )
    .addOption(
      new NumberOption('--connections <count>', 'connections at once', {
        min: 1,
        max: 100_000,
      }).default(16),
    )
    .addOption(
      new NumberOption('--rate <rate>', 'operations a second, of all connections together', rates),
    )
    .addOption(
      new Option('--arrivals <kind>', 'of --rate: at random, or evenly (default: poisson)').choices(
        ['poisson', 'constant'],
      ),
    )
    .addOption(
      new NumberOption(
        '--depth <count>',
        'without --rate: operations under way on each connection (default: 1)',
        { min: 1, max: 10_000 },
      ),
    )
    .addOption(
      new NumberOption('--duration <seconds>', 'how long to measure', {
        min: 0.1,
        max: secondsMax,
        fractions: true,
      }).default(10),
    )
    .addOption(
      new NumberOption('--warm-up <seconds>', 'the same load before, which is not counted', {
        min: 0,
        max: 3_600,
        fractions: true,
      }).default(2),
    )
    .addOption(
      new NumberOption('--sends <share>', 'the share of sends; the others are searches', {
        min: 0,
        max: 1,
        fractions: true,
      }).default(0.5),
    )
    .addOption(
      new NumberOption('--body-chars <count>', 'characters of each message', {
        min: 1,
        max: messageCharsMax,
      }).default(32),
    )
    .addOption(
      new NumberOption('--seed <seed>', 'start of the random arrivals and order of operations', {
        min: 0,
        max: 2 ** 32 - 1,
      }).default(1),
    );
}

function addThresholds(command: Command): void {
  command
    .optionsGroup('Thresholds (exit code 1 when one is missed):')
    .addOption(new NumberOption('--p50-ms <ms>', 'the highest median latency', latencies))
    .addOption(new NumberOption('--p99-ms <ms>', 'the highest 99th percentile', latencies))
    .addOption(
      new TextOption<ErrorsMax>(
        '--errors <count>',
        'the most errors and refusals: a number, or a share such as 1%',
        'a whole number, or a share such as 1% or 0.1%',
        (text) => {
          const parsed = parseErrorsMax(text);
          if (parsed !== undefined) return parsed;
          throw new InvalidArgumentError(
            'It takes a whole number, or a share from 0% to 100% such as 0.1%.',
          );
        },
      ),
    )
    .addOption(
      new NumberOption('--rate-min <rate>', 'the lowest rate of responses a second', rates),
    );
}

function addOutputs(command: Command): void {
  command
    .optionsGroup('Output (the summary goes to standard output):')
    .addOption(
      new TextOption(
        '--json <file>',
        'all of it as JSON; - is standard output, and then the summary goes to standard error',
        'a file or -',
      ),
    )
    .addOption(
      new TextOption('--csv <file>', 'each second as CSV; - as with --json', 'a file or -'),
    );
}

function address(text: string): LoadAddress {
  const parsed = parseAddress(text);
  if ('problem' in parsed) throw new InvalidArgumentError(`${parsed.problem}.`);
  return parsed;
}
