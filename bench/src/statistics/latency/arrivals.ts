import { exponential, type Random } from '../random.ts';

/** The spread of an open loop's requests: even, or as independent people would send them. */
export type ArrivalKind = 'constant' | 'poisson';

/**
 * The intended send times of an open loop, in milliseconds from its start, without end. Constant
 * ones begin at 0 and are multiples of the interval, so they do not drift. Poisson ones have
 * independent, exponentially distributed gaps. A latency is measured from the intended time, whenever
 * the request really left: what waits because the system stalls has waited (Tene, wrk2).
 */
export function* arrivals(
  kind: ArrivalKind,
  ratePerSecond: number,
  random: Random,
): Generator<number, never, undefined> {
  if (!(ratePerSecond > 0 && ratePerSecond < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${ratePerSecond} a second is no rate`);
  }
  if (kind === 'constant') for (let n = 0; ; n++) yield (n * 1_000) / ratePerSecond;
  for (let atMs = 0; ; ) {
    atMs += exponential(random, 1_000 / ratePerSecond);
    yield atMs;
  }
}
