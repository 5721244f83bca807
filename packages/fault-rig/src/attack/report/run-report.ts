import type { AttackCounts } from '../attacker/protocol.ts';
import type { HonestResult } from '../run/honest-clients.ts';
import type { LoggedLines } from '../run/server-log.ts';

/** A figure, and the bound that it is compared with. */
export interface Verdict {
  readonly name:
    | 'delay'
    | 'served'
    | 'tries'
    | 'peak'
    | 'memory'
    | 'log'
    | 'messages'
    | 'stop'
    | 'data';
  readonly passed: boolean;
  /** The figure and its bound, in words. */
  readonly found: string;
}

/** The memory and processor time of the server, as the system counts them. */
export interface ServerCost {
  readonly rssBeforeBytes: number;
  /** The most memory during the attack and until the sample after it, in bytes. */
  readonly rssPeakBytes: number;
  readonly rssAfterBytes: number;
  /**
   * The time from the end of the attackers until its memory was within 100 MB again, in
   * milliseconds; undefined if it was not.
   */
  readonly backAfterMs: number | undefined;
  readonly descriptorsBefore: number;
  readonly descriptorsPeak: number;
  readonly descriptorsAfter: number;
  /** Processor time divided by elapsed time: 1 is one core. */
  readonly cpuShare: number;
  /**
   * The part of the time in which its event loop was ready and had no processor: other programs had it,
   * or other threads of the server, which share its core.
   */
  readonly waitedShare: number;
}

/** The result of one attack. */
export interface AttackReport {
  readonly attack: string;
  /** The way in which the machine made it less than its description, in words; undefined if it did not. */
  readonly note: string | undefined;
  /** The duration, in seconds. */
  readonly seconds: number;
  readonly honest: readonly HonestResult[];
  readonly server: ServerCost;
  /** The attackers' actions, and the responses to them. */
  readonly counts: AttackCounts;
  readonly log: LoggedLines;
  readonly verdicts: readonly Verdict[];
}

/** The results of one server that was attacked, from its start to its end. */
export interface RunReport {
  /** The honest clients' observations before the attack. */
  readonly baseline: readonly HonestResult[];
  readonly attacks: readonly AttackReport[];
  /** The time from SIGTERM, during another attack, to the end, in milliseconds. */
  readonly stoppedInMs: number;
  /** Verdicts of the end. */
  readonly verdicts: readonly Verdict[];
}

/** Returns true if no verdict failed. */
export function isGood(run: RunReport): boolean {
  return allVerdicts(run).every(({ passed }) => passed);
}

/** The verdicts of each attack, and of the end. */
export function allVerdicts({ attacks, verdicts }: RunReport): Verdict[] {
  return [...attacks.flatMap((attack) => attack.verdicts), ...verdicts];
}
