// One client process of the benchmark: drives one lane at one depth, and prints what it measured.
import { type LaneName, lanes } from './lanes.ts';

const [lane = '', port = '', depth = '', measureMs = ''] = process.argv.slice(2);

// More than any lane does in the time: a figure is not to depend on how a list grows.
const latenciesMax = 1_000_000;
const latencies = new Float64Array(latenciesMax);
let count = 0;
let measureFrom = performance.now() + Number(measureMs) / 2;
let measuring = false;

await lanes[lane as LaneName].drive(Number(port), Number(depth), (startedAt) => {
  const now = performance.now();
  if (!measuring) {
    if (now < measureFrom) return true;
    measuring = true;
    measureFrom = now;
    return true;
  }
  latencies[count++ % latenciesMax] = now - startedAt;
  return now - measureFrom < Number(measureMs);
});

const perSecond = (count / (performance.now() - measureFrom)) * 1000;
const sorted = latencies.subarray(0, Math.min(count, latenciesMax)).sort();
const medianUs = (sorted[sorted.length >> 1] as number) * 1000;
process.stdout.write(`${JSON.stringify({ perSecond, medianUs })}\n`, () => process.exit(0));
