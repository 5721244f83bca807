// What it costs to watch garbage collection: how much longer a small collection takes, and the same lane
// with and without it, in turn, as ratios of pairs. `pnpm --filter @tandem/bench bench:observation [PAIRS] [LANE]`, some 12 seconds a pair.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GCProfiler } from 'node:v8';
import { numberArgument, script } from '@tandem/command';
import { Argument } from 'commander';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import { placementsHere } from '../src/rig/machine/placement.ts';
import { runCell } from '../src/rig/rounds/run-cell.ts';
import { findScenario } from '../src/scenarios/index.ts';
import { median, ratioOfPairs } from '../src/statistics/index.ts';

const [pairs, laneName, role] = script('bench:observation', 'Measure what a watched lane costs.')
  .addArgument(numberArgument('[pairs]', 'of measurements', { min: 1, max: 1_000 }).default(10))
  .addArgument(new Argument('[lane]', 'its name').choices(laneNames).default('grpc-unary'))
  .addArgument(
    new Argument('[role]', 'of a process that this one starts').choices(['cell', 'collection']),
  )
  .parse().processedArgs as [number, string, string | undefined];
const figures = ['throughput', 'client-cpu', 'server-cpu', 'p50', 'p99'] as const;

type Values = Readonly<Record<string, number>>;

// Its processes load this first: what watches then does nothing.
const unwatched =
  "import { GCProfiler } from 'node:v8';" +
  'GCProfiler.prototype.start = () => {}; GCProfiler.prototype.stop = () => undefined;';
const without = `--import=data:text/javascript,${encodeURIComponent(unwatched)}`;

const file = fileURLToPath(import.meta.url);

if (role === 'cell') {
  process.stdout.write(JSON.stringify(await measureCell()));
} else if (role === 'collection') {
  process.stdout.write(collectionWords());
} else {
  const collecting = ['--expose-gc', file, `${pairs}`, laneName, 'collection'];
  console.log(execFileSync(process.execPath, collecting, { encoding: 'utf8' }));
  const rounds = Array.from({ length: pairs }, (_, round) => pairOf(round));
  for (const figure of figures) {
    const of = (side: 'watched' | 'unwatched') => rounds.map((pair) => pair[side][figure] ?? 0);
    const { value, interval } = ratioOfPairs(of('watched'), of('unwatched'));
    const ends = interval && ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`;
    console.log(`${figure.padEnd(12)}${value.toFixed(3)}${ends ?? ''}, of ${rounds.length} pairs`);
  }
}

/** Times collections of a heap that is nearly empty, of which what watches them is the largest part. */
function collectionWords(): string {
  const times = 5_000;
  const tookUs = { watched: [] as number[], unwatched: [] as number[] };
  for (let i = -times; i < times; i++) {
    const profiler = i % 2 === 0 ? new GCProfiler() : undefined;
    profiler?.start();
    const startedAt = performance.now();
    globalThis.gc?.({ type: 'minor' });
    const took = (performance.now() - startedAt) * 1_000;
    profiler?.stop();
    if (i >= 0) tookUs[profiler === undefined ? 'unwatched' : 'watched'].push(took);
  }
  const [watched, unwatched] = [median(tookUs.watched), median(tookUs.unwatched)];
  return `a collection takes ${(watched - unwatched).toFixed(1)} µs more than its ${unwatched.toFixed(1)}`;
}

async function measureCell(): Promise<Values> {
  const [placement] = placementsHere().possible;
  if (placement === undefined) throw new Error('there is no placement');
  const times = { measureMs: 2_000, measureMsMax: 2_000, measureOperations: 1, seed: 1 };
  const warmUp = { warmUpOperationsMin: 30_000, warmUpMsMax: 1_000, hungAfterMs: 60_000 };
  const cell = { scenario: findScenario('throughput-64'), lane: await loadLane(laneName) };
  const run = await runCell(
    { ...cell, placement },
    { ...times, ...warmUp },
    new AbortController().signal,
  );
  if (!run.valid) throw new Error(run.why.join('; '));
  return run.values;
}

/** One run with and one without, which of them first by turns. */
function pairOf(round: number): { readonly watched: Values; readonly unwatched: Values } {
  const [first, second] = round % 2 === 0 ? [true, false] : [false, true];
  const one = measured(first);
  const other = measured(second);
  return first ? { watched: one, unwatched: other } : { watched: other, unwatched: one };
}

function measured(watched: boolean): Values {
  const command = [file, `${pairs}`, laneName, 'cell'];
  const env = watched ? process.env : { ...process.env, NODE_OPTIONS: without };
  return JSON.parse(execFileSync(process.execPath, command, { env, encoding: 'utf8' })) as Values;
}
