// Framed sockets against a bare `net` echo, in one run: `pnpm bench:socket`.
//
// Each cell is a fresh server process and a fresh client process, pinned to the cores that the
// placement says. Rounds run the lanes forwards and backwards in turn, so that a drift of the
// machine falls on all of them; a ratio is taken within a round, and the median of the rounds is
// what is printed, with the smallest and the largest beside it.
import { parseArgs } from 'node:util';
import { canPin, LineProcess, median } from './processes.ts';

const lanes = ['echo', 'echo-batched', 'search', 'send'] as const;
type Lane = (typeof lanes)[number];

interface Result {
  readonly perSecond: number;
  readonly medianUs?: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    ms: { type: 'string', default: '1500' },
  },
});
const rounds = Number(values.rounds);
const placements = canPin() ? { 'same core': [0, 0], 'two cores': [0, 1] } : { unpinned: [] };

for (const [placement, cores] of Object.entries(placements)) {
  for (const depth of [1, 64]) await compare(placement, cores, depth);
}

async function compare(placement: string, cores: readonly number[], depth: number): Promise<void> {
  const results = new Map<Lane, Result[]>(lanes.map((lane) => [lane, []]));
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`\r${placement}, depth ${depth}: round ${round + 1} of ${rounds} `);
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) {
      results.get(lane)?.push(await measure(lane, cores, depth));
    }
  }
  process.stderr.write('\r\x1b[K');
  process.stdout.write(`\n${placement}, depth ${depth}, ${rounds} rounds\n`);
  const echo = results.get('echo') ?? [];
  for (const [lane, own] of results) {
    const throughput = ratios(own, echo, (result) => result.perSecond);
    const latency = ratios(own, echo, (result) => result.medianUs ?? Number.NaN);
    const perSecond = median(own.map((result) => result.perSecond));
    const medianUs = median(own.map((result) => result.medianUs ?? Number.NaN));
    const figures =
      depth === 1
        ? `${medianUs.toFixed(1).padStart(8)} us  latency    ${latency}`
        : `${perSecond.toFixed(0).padStart(8)} /s  throughput ${throughput}`;
    process.stdout.write(`  ${lane.padEnd(13)} ${figures} of echo\n`);
  }
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

async function measure(lane: Lane, cores: readonly number[], depth: number): Promise<Result> {
  const server = new LineProcess(
    cores[0],
    'server.ts',
    lane.startsWith('echo') ? 'echo' : 'framed',
  );
  try {
    const port = await server.line();
    const client = new LineProcess(cores[1], 'client.ts', lane, port, String(depth), values.ms);
    return JSON.parse(await client.line()) as Result;
  } finally {
    await server.kill();
  }
}
