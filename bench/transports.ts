// The transports against bare ones, in one run: `pnpm bench:transports`.
//
// Each cell is a fresh server process and a fresh client process, pinned to the cores that the
// placement says. Rounds run the lanes forwards and backwards in turn, so that a drift of the
// machine falls on all of them; a ratio is taken within a round, and the median of the rounds is
// what is printed, with the smallest and the largest beside it.
import { parseArgs } from 'node:util';
import { type LaneName, lanes } from './lanes.ts';
import { canPin, LineProcess, median } from './processes.ts';

interface Result {
  readonly perSecond: number;
  readonly medianUs: number;
}

type Results = ReadonlyMap<LaneName, Result[]>;

const latency = ({ medianUs }: Result): number => medianUs;
const throughput = ({ perSecond }: Result): number => perSecond;

const { values } = parseArgs({
  options: {
    // Only the lanes whose name has this in it, and what they are compared with.
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '6' },
    ms: { type: 'string', default: '1500' },
  },
});
const rounds = Number(values.rounds);
const wanted = (Object.keys(lanes) as LaneName[]).filter((name) => name.includes(values.only));
const laneNames = [...new Set(wanted.flatMap((name) => [lanes[name].baseline, name]))];
const placements = canPin() ? { 'same core': [0, 0], 'two cores': [0, 1] } : { unpinned: [] };

for (const [placement, cores] of Object.entries(placements)) {
  for (const depth of [1, 64]) await compare(placement, cores, depth);
}

async function compare(placement: string, cores: readonly number[], depth: number): Promise<void> {
  const results: Results = new Map(laneNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${placement}, depth ${depth}: round ${round + 1} of ${rounds} `);
    }
    for (const name of round % 2 === 0 ? laneNames : laneNames.toReversed()) {
      results.get(name)?.push(await measure(name, cores, depth));
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(`\n${placement}, depth ${depth}, ${rounds} rounds\n`);
  for (const name of laneNames) process.stdout.write(row(name, depth, results));
}

function row(name: LaneName, depth: number, results: Results): string {
  const { baseline } = lanes[name];
  const own = results.get(name) ?? [];
  const base = results.get(baseline) ?? [];
  const figures =
    depth === 1
      ? `${median(own.map(latency)).toFixed(1).padStart(8)} us  latency    ${ratios(own, base, latency)}`
      : `${median(own.map(throughput)).toFixed(0).padStart(8)} /s  throughput ${ratios(own, base, throughput)}`;
  return `  ${name.padEnd(24)} ${figures} of ${baseline}\n`;
}

function ratios(
  own: readonly Result[],
  base: readonly Result[],
  of: (result: Result) => number,
): string {
  const all = own.map((result, round) => of(result) / of(base[round] as Result));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return `${median(all).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

async function measure(name: LaneName, cores: readonly number[], depth: number): Promise<Result> {
  const server = new LineProcess(cores[0], 'server.ts', lanes[name].server);
  try {
    const port = await server.line();
    const client = new LineProcess(cores[1], 'client.ts', name, port, String(depth), values.ms);
    return JSON.parse(await client.line()) as Result;
  } finally {
    await server.kill();
  }
}
