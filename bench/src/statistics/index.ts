export { type ArrivalKind, arrivals } from './arrivals.ts';
export { LatencyRecorder, type LatencySummary } from './latency-recorder.ts';
export { littlesLaw } from './littles-law.ts';
export { acrossMachines, valuesOfMachineMin } from './machines.ts';
export { type Interval, medianInterval } from './median-interval.ts';
export { ascending, mean, median, quantile } from './order.ts';
export { exponential, type Random, seededRandom } from './random.ts';
export { type Ratio, ratioOfPairs } from './ratio.ts';
export { ratioOfMedians } from './ratio-of-medians.ts';
export {
  halfWidth,
  type RoundReason,
  type RoundsRule,
  type RoundsSoFar,
  roundReasons,
  roundsNeeded,
  roundWanted,
} from './rounds.ts';
export { type Calibration, calmOf, isSlow, slowFrom } from './slowness.ts';
export { steadiness, steadinessRule } from './steadiness.ts';
export { noiseFloor, type Verdict, verdict } from './verdict.ts';
