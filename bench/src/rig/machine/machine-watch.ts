import { disturbanceOf } from '../../report/analysis/fitness.ts';
import type { ReportRun } from '../../report/schema/report.ts';
import { readIfThere, tickMs, treeMs } from './process-time.ts';

/** The times of all cores together since the machine started, as the kernel counts them. */
interface MachineTime {
  readonly cores: number;
  /** The idle time, waiting for a disk included. */
  readonly idleMs: number;
  /** The time in interrupts, where the kernel counts it apart from that of processes. */
  readonly interruptsMs: number;
  /** The time that the hypervisor gave to other machines while this one had work. */
  readonly stolenMs: number;
}

/** The readings at both ends of a run. */
export interface RunTimes {
  readonly before: MachineTime;
  readonly after: MachineTime;
  readonly elapsedMs: number;
  /** CPU time of the processes of the run and of the rig in between. */
  readonly ownMs: number;
}

/**
 * Watches other work on the machine during a run. It begins when it is made, before the run's
 * processes, so it counts all of their time as the run's own.
 */
export class MachineWatch {
  readonly #before = machineTime();
  readonly #startedAtMs = performance.now();
  readonly #rigBefore = process.cpuUsage();

  /**
   * Returns what other programs and machines used since the watch began.
   *
   * @param pids the processes that were started since, which must still be there; what they have started is
   *   the run's own as well
   * @returns null where it cannot be known: off Linux, or when such a process is gone
   */
  read(pids: readonly number[]): ReportRun['disturbance'] {
    const after = machineTime();
    const elapsedMs = performance.now() - this.#startedAtMs;
    const { user, system } = process.cpuUsage(this.#rigBefore);
    const times = pids.map(treeMs);
    if (this.#before === undefined || after === undefined) return null;
    if (times.some((one) => one === undefined)) return null;
    const ownMs = times.reduce<number>((sum, one) => sum + (one ?? 0), (user + system) / 1_000);
    return disturbanceOf(othersOf({ before: this.#before, after, elapsedMs, ownMs }));
  }
}

/**
 * Returns the average number of cores that other programs kept busy, and that other machines took.
 *
 * A core is busy when it is not idle. The kernel measures idle time exactly where it stops its tick, and
 * samples other time a hundred times a second, so idle time is right within some ticks.
 */
export function othersOf({ before, after, elapsedMs, ownMs }: RunTimes) {
  const stolenMs = after.stolenMs - before.stolenMs;
  const idleMs = after.idleMs - before.idleMs;
  const interruptsMs = after.interruptsMs - before.interruptsMs;
  const othersMs = after.cores * elapsedMs - idleMs - stolenMs - interruptsMs - ownMs;
  return { othersCores: Math.max(0, othersMs) / elapsedMs, stolenCores: stolenMs / elapsedMs };
}

/** Reads `/proc/stat`; returns undefined for another text. */
export function parseMachineTime(stat: string): MachineTime | undefined {
  const line = /^cpu +(.*)$/m.exec(stat)?.[1];
  const cores = stat.match(/^cpu\d+ /gm)?.length;
  const ticks = line?.split(' ').map(Number) ?? [];
  const [, , , idle, waiting, interrupts, softInterrupts, stolen = 0] = ticks;
  if (cores === undefined || idle === undefined || waiting === undefined) return undefined;
  // A kernel that does not time interrupts counts only those that its ticks meet, and charges
  // processes with the rest.
  const apart =
    interrupts === undefined || interrupts === 0 ? 0 : interrupts + (softInterrupts ?? 0);
  return {
    cores,
    idleMs: (idle + waiting) * tickMs,
    interruptsMs: apart * tickMs,
    stolenMs: stolen * tickMs,
  };
}

function machineTime(): MachineTime | undefined {
  return parseMachineTime(readIfThere('/proc/stat'));
}
