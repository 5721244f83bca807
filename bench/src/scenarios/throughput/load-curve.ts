import { Metronome, monotonicMs } from '../../pacing/metronome.ts';
import { needsServer } from '../applies.ts';
import { duration, usageMetrics } from '../metrics.ts';
import type { MeasureContext, Measurement, Metric, Scenario } from '../scenario.ts';
import { Load, settlingMs, warmForLoad } from './open-loop.ts';

/** Arrivals a second, each twice as many as before. */
const ratesPerSecond = Array.from({ length: 10 }, (_, i) => 1_000 * 2 ** i);
// A rate lasts until a single stall no longer decides its 99th percentile, which is of a hundredth of them.
const arrivalsMin = 4_000;
const stepMsMin = 1_000;
const startDelayMs = 20;
/** The knee is the highest rate with a 99th percentile below this, in microseconds. */
const kneeP99Us = 10_000;
// A longer step would only lengthen the time until an overload is over.
const underWayMax = 256;

const kneeMetric: Metric = {
  name: 'knee',
  title: `highest rate with p99 below ${kneeP99Us / 1_000} ms`,
  unit: '1/s',
  better: 'higher',
};

/** Latency against arrival rate, up to the rate that is not kept. */
export const loadCurve: Scenario = {
  name: 'load-curve',
  family: 'load-curve',
  title: 'Latency against load',
  question:
    'How long do searches take that arrive at random, at rates that double until they are no longer kept up with?',
  parameters: {
    arrivals: 'poisson',
    ratesPerSecond: ratesPerSecond.join(' '),
    arrivalsMin,
    stepMsMin,
  },
  metrics: [
    kneeMetric,
    ...ratesPerSecond.flatMap((rate) => [
      duration(`p50-at-${rate}`, `median at ${rate} a second`),
      duration(`mean-at-${rate}`, `mean at ${rate} a second`),
      duration(`p99-at-${rate}`, `99th percentile at ${rate} a second`),
    ]),
    ...usageMetrics,
  ],
  notFor: needsServer,
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const client = await context.connect();
  await client.prepare({ kind: 'search' });
  const operation = client.operation({ kind: 'search' });
  const warm = await warmForLoad(context, operation);
  const metronome = await Metronome.start();
  const send = sender(context, operation, metronome);
  await send(ratesPerSecond[0] as number, settlingMs, context.seed + 1);
  const curve = await context.measured(() => climb(context, send));
  await metronome.stop();
  return { ...curve, ...warm };
}

type Send = (ratePerSecond: number, lengthMs: number, seed: number) => Promise<Step>;

/** The results of one rate. */
type Step = ReturnType<Load['measurement']>;

/** Returns a function that sends at a rate for so long, and then waits for what is under way. */
function sender(
  { lane }: MeasureContext,
  operation: () => Promise<void>,
  metronome: Metronome,
): Send {
  return async (ratePerSecond, lengthMs, seed) => {
    const load = new Load(operation, Math.min(lane.depthMax ?? underWayMax, underWayMax));
    const startAtMs = monotonicMs() + startDelayMs;
    const schedule = { kind: 'poisson', ratePerSecond, seed, startAtMs, lengthMs } as const;
    await metronome.keep(schedule, (intendedAtMs) => load.add(intendedAtMs));
    load.giveUpWaiting();
    await load.answered();
    return load.measurement(startAtMs + lengthMs, lengthMs);
  };
}

/** Raises the rate until it is not kept or requests wait too long; leaves out the figures of that last step. */
async function climb(
  { seed, measureMsMax }: MeasureContext,
  send: Send,
): Promise<Pick<Measurement, 'values' | 'operations' | 'errors'>> {
  const values: Record<string, number> = {};
  let operations = 0;
  let errors = 0;
  for (const ratePerSecond of ratesPerSecond) {
    const enoughMs = Math.max(stepMsMin, (arrivalsMin / ratePerSecond) * 1_000);
    const step = await send(ratePerSecond, Math.min(enoughMs, 2 * measureMsMax), seed);
    operations += step.operations;
    errors += step.errors;
    if (step.invalid.length > 0) break;
    for (const name of ['p50', 'mean', 'p99']) {
      const value = step.values[`corrected-${name}`];
      if (value !== undefined) values[`${name}-at-${ratePerSecond}`] = value;
    }
    if ((step.values['corrected-p99'] ?? Infinity) >= kneeP99Us) break;
    values.knee = ratePerSecond;
  }
  return { values, operations, errors };
}
