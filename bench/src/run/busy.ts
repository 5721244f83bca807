import { setTimeout as delay } from 'node:timers/promises';
import type { ReportRun } from '../report/schema/report.ts';
import { MachineWatch } from '../rig/machine/machine-watch.ts';

/** The actions of a run when the machine is busy before it begins. */
export const busyChoices = ['wait', 'go-on', 'end'] as const;

/** The choice when other programs use the machine. */
export type BusyChoice = (typeof busyChoices)[number];

/** The machine is busy, and an option forbids to measure then. */
export class BusyMachineError extends Error {
  override readonly name = 'BusyMachineError';
  readonly code = 'busy';
}

interface BusyCheck {
  readonly choice: BusyChoice;
  readonly signal: AbortSignal;
  /** Reports an observation, a line each. */
  readonly say: (line: string) => void;
  /** Watches the machine for a while; null where its load cannot be known. Tests replace it. */
  readonly look?: () => Promise<ReportRun['disturbance']>;
}

/** The duration of a watch. */
const lookMs = 2_000;

/**
 * Checks before the measurement if other programs keep the machine busy, and reports it at once. It
 * then waits until they do not, goes on, or ends.
 *
 * @throws BusyMachineError when the machine is busy and the option is to end the run
 */
export async function checkBusy({ choice, signal, say, look = lookAt }: BusyCheck): Promise<void> {
  let hasSaid = false;
  while (!signal.aborted) {
    const seen = await look();
    if (seen?.disturbed !== true) {
      if (hasSaid) say('the machine is calm; measuring begins');
      return;
    }
    const words = busyWords(seen);
    if (choice === 'end') {
      throw new BusyMachineError(`${words}; close them, or go on with --busy go-on`);
    }
    if (choice === 'go-on') {
      say(
        `${words}: figures will be marked, and a figure with mostly disturbed runs is not to be cited; with --busy wait the run waits, with --busy end it ends`,
      );
      return;
    }
    if (!hasSaid) say(`${words}: waiting until it is calm; Ctrl-C ends`);
    hasSaid = true;
  }
}

function busyWords(seen: NonNullable<ReportRun['disturbance']>): string {
  const { othersCores, stolenCores } = seen;
  return `the machine is busy: other programs keep ${othersCores.toFixed(2)} cores busy, and the hypervisor takes ${stolenCores.toFixed(2)}`;
}

async function lookAt(): Promise<ReportRun['disturbance']> {
  const watch = new MachineWatch();
  await delay(lookMs);
  return watch.read([]);
}
