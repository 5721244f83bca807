import { type ClientTlsArguments, clientTlsProblem, openFilesMax } from '@tandem/command';
import type { TransportName } from '@tandem/core';
import { UsageError } from '../usage-error.ts';
import type { LoadAddress, LoadOptions } from './command.ts';
import type { Thresholds } from './thresholds.ts';

/** The rule for the times at which operations are sent. */
export type Pace =
  | {
      readonly kind: 'open';
      readonly ratePerSecond: number;
      readonly arrivals: 'poisson' | 'constant';
    }
  | { readonly kind: 'closed'; readonly depth: number };

/** The settings of a load. */
export interface LoadSettings extends LoadAddress {
  /** The transport; undefined to detect it. */
  readonly transport: TransportName | undefined;
  readonly mode: 'converse' | 'unary';
  readonly tls: ClientTlsArguments;
  readonly connections: number;
  readonly pace: Pace;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly sendsShare: number;
  readonly bodyChars: number;
  readonly seed: number;
  readonly thresholds: Thresholds;
}

// The open files of this process without any connection: Node.js, its threads, the streams and files of the command.
const ownFiles = 64;

/**
 * Returns the load that the options ask for.
 *
 * @throws UsageError when options contradict each other, or this process may not have as many
 * open files as connections are asked for
 */
export function loadSettings(
  address: LoadAddress,
  options: LoadOptions,
  openFiles: number = openFilesMax(),
): LoadSettings {
  const { transport, mode, connections, p50Ms, p99Ms, errors, rateMin } = options;
  if (transport === 'socket' && mode !== undefined) {
    throw new UsageError('--mode is of gRPC: add --transport grpc, or leave it out');
  }
  if (options.json === '-' && options.csv === '-') {
    throw new UsageError('--json and --csv cannot both go to standard output: name a file');
  }
  const problem = clientTlsProblem(options);
  if (problem !== undefined) throw new UsageError(problem);
  refuseTooFewFiles(connections, openFiles);
  const { tls, tlsCa, tlsFingerprint, tlsCert, tlsKey } = options;
  return {
    ...address,
    transport: transport ?? (mode === undefined ? undefined : 'grpc'),
    mode: mode ?? 'converse',
    tls: { tls, tlsCa, tlsFingerprint, tlsCert, tlsKey },
    connections,
    pace: paceOf(options),
    durationMs: options.duration * 1_000,
    warmUpMs: options.warmUp * 1_000,
    sendsShare: options.sends,
    bodyChars: options.bodyChars,
    seed: options.seed,
    thresholds: { p50Ms, p99Ms, errors, rateMin },
  };
}

function paceOf({ rate, arrivals, depth }: LoadOptions): Pace {
  if (rate === undefined) {
    if (arrivals === undefined) return { kind: 'closed', depth: depth ?? 1 };
    throw new UsageError('--arrivals is of a rate: add --rate, or leave it out');
  }
  if (depth === undefined) {
    return { kind: 'open', ratePerSecond: rate, arrivals: arrivals ?? 'poisson' };
  }
  throw new UsageError(
    '--rate sends without waiting for responses, --depth waits for them: choose one',
  );
}

function refuseTooFewFiles(connections: number, openFiles: number): void {
  const needed = connections + ownFiles;
  if (needed <= openFiles) return;
  const possible = openFiles - ownFiles;
  const orFewer = possible > 0 ? `, or take at most --connections ${possible}` : '';
  throw new UsageError(
    `${connections} connections need ${needed} open files, and the operating system allows this process ${openFiles}: allow it more (ulimit -n ${needed})${orFewer}`,
  );
}
