import { ascending, quantile } from '../order.ts';

/** The time of work that is always the same: it tells how fast the machine is at the moment. */
export interface Calibration {
  /** A fixed piece of CPU work. */
  readonly cpuUs: number;
  /** The wake-up of a thread and back. */
  readonly wakeUpUs: number;
}

/**
 * From how many times its usual time on a calibrated loop is slow. A wake-up varies more than CPU
 * work on a machine that is calm.
 */
export const slowFrom = { cpuUs: 1.15, wakeUpUs: 2 } as const;

/**
 * Returns the time of the calibrated loop on this machine while it is calm: the lower quartile of all
 * its measurements, so that a machine may be slow for most of a run of the lab and is still found out.
 */
export function calmOf(calibrations: readonly Calibration[]): Calibration {
  const lowerQuartile = (values: readonly number[]) => quantile(ascending(values), 0.25);
  return {
    cpuUs: lowerQuartile(calibrations.map(({ cpuUs }) => cpuUs)),
    wakeUpUs: lowerQuartile(calibrations.map(({ wakeUpUs }) => wakeUpUs)),
  };
}

/**
 * Says whether the machine was slow, by what its calibrated loop took. The figures of the run beside
 * it play no part: to drop runs by what they measured would move what is left.
 */
export function isSlow({ cpuUs, wakeUpUs }: Calibration, calm: Calibration): boolean {
  return cpuUs > calm.cpuUs * slowFrom.cpuUs || wakeUpUs > calm.wakeUpUs * slowFrom.wakeUpUs;
}
