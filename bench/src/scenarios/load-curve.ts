import { Metronome, monotonicMs } from '../pacing/metronome.ts';
import { needsServer } from './applies.ts';
import { duration, usageMetrics } from './metrics.ts';
import { Load, warmForLoad } from './open-loop.ts';
import type { MeasureContext, Measurement, Metric, Scenario } from './scenario.ts';

/** Arrivals a second, each twice as many as before. */
const ratesPerSecond = Array.from({ length: 9 }, (_, i) => 500 * 2 ** i);
const stepMs = 1_000;
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
    'How long do searches take that arrive at random, at rates that double every second until they are no longer kept up with?',
  parameters: { arrivals: 'poisson', ratesPerSecond: ratesPerSecond.join(' '), stepMs },
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
  const curve = await context.measured(() => climb(context, operation, metronome));
  await metronome.stop();
  return { ...curve, ...warm, invalid: [], notes: [] };
}

/** Raises the rate until it is not kept or requests wait too long; leaves out the figures of that last step. */
async function climb(
  { lane, seed }: MeasureContext,
  operation: () => Promise<void>,
  metronome: Metronome,
): Promise<Pick<Measurement, 'values' | 'operations' | 'errors'>> {
  const values: Record<string, number> = {};
  let operations = 0;
  let errors = 0;
  for (const ratePerSecond of ratesPerSecond) {
    const load = new Load(operation, Math.min(lane.depthMax, underWayMax));
    const startAtMs = monotonicMs() + startDelayMs;
    const schedule = { kind: 'poisson', ratePerSecond, seed, startAtMs, lengthMs: stepMs } as const;
    await metronome.keep(schedule, (intendedAtMs) => load.add(intendedAtMs));
    load.giveUpWaiting();
    await load.answered();
    const step = load.measurement(startAtMs + stepMs, stepMs);
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
