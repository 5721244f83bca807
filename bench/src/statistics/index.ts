export { acrossMachines, valuesOfMachineMin } from './intervals/machines.ts';
export { type Interval, medianInterval } from './intervals/median-interval.ts';
export { type Ratio, ratioOfPairs } from './intervals/ratio.ts';
export { ratioOfMedians } from './intervals/ratio-of-medians.ts';
export { type ArrivalKind, arrivals } from './latency/arrivals.ts';
export { LatencyRecorder, type LatencySummary } from './latency/latency-recorder.ts';
export { littlesLaw } from './latency/littles-law.ts';
export { ascending, mean, median, quantile } from './order.ts';
export { exponential, type Random, seededRandom } from './random.ts';
export {
  halfWidth,
  type RoundReason,
  type RoundsRule,
  type RoundsSoFar,
  roundReasons,
  roundsNeeded,
  roundWanted,
} from './verdicts/rounds.ts';
export { type Calibration, calmOf, isSlow, slowFrom } from './verdicts/slowness.ts';
export { steadiness, steadinessRule } from './verdicts/steadiness.ts';
export { noiseFloor, type Verdict, verdict } from './verdicts/verdict.ts';
