export { type ArrivalKind, arrivals } from './arrivals.ts';
export { correctForCoordinatedOmission } from './coordinated-omission.ts';
export { LatencyRecorder, type LatencySummary, latencyUsMax } from './latency-recorder.ts';
export { type Flow, type LittlesLaw, littlesLaw } from './littles-law.ts';
export { type Interval, type IntervalOptions, medianInterval, runsMin } from './median-interval.ts';
export { ascending, mean, median, quantile } from './order.ts';
export { exponential, type Random, seededRandom } from './random.ts';
export { type Ratio, ratioOfPairs } from './ratio.ts';
export { type Point, type Slope, slope } from './slope.ts';
export {
  defaultSteadinessRule,
  type Steadiness,
  type SteadinessRule,
  steadiness,
  steadinessRule,
} from './steadiness.ts';
export { noiseFloor, type Verdict, verdict } from './verdict.ts';
