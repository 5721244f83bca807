import type { Administration } from '@tandem/chat';
import type { Cluster } from '@tandem/chat/postgres';
import type { Bans } from './bans.ts';

/** The parts of a running server that an operator's commands act on. */
export interface CommandTargets {
  readonly administration: Administration;
  readonly bans: Bans;
  /** The nodes of which the server is one; undefined where it serves alone. */
  readonly cluster: Cluster | undefined;
  /** Closes every connection of a network; returns how many. */
  readonly closeNetwork: (network: string) => number;
  /** Returns figures of the moment. */
  readonly stats: () => Readonly<Record<string, unknown>>;
  /** The level of the log; a level that there is not is refused by `isLogLevel`. */
  logLevel: string;
  readonly logLevels: readonly string[];
}

/** The outcome of a command: a result, or the reason of its refusal. */
export type CommandOutcome =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly refused: string };

/** The arguments of a command, by name, as they came. */
export type CommandArguments = Readonly<Record<string, unknown>>;

/** A command of an operator. */
export interface OperatorCommand {
  /** Tells if it changes something: then it is in the audit log before it is carried out, too. */
  readonly changes: (args: CommandArguments) => boolean;
  /** The names of its arguments that are no secrets. */
  readonly told: readonly string[];
  run(targets: CommandTargets, args: CommandArguments): CommandOutcome | Promise<CommandOutcome>;
}
