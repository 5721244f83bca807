// Starting the processes of a benchmark, and the arithmetic on what they print.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts a file with Node. */
export function start(file: URL, ...args: readonly string[]): ChildProcess {
  const command = [fileURLToPath(file), ...args];
  return spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts `tandem serve` on any free port for sockets, with these arguments. */
export function startServer(...args: readonly string[]): ChildProcess {
  const common = ['--transport', 'socket', '--socket-port', '0', '--log-level', 'silent'];
  return start(new URL('../src/main.ts', import.meta.url), 'serve', ...common, ...args);
}

/** The port that a server says it listens on. */
export async function portOf(server: ChildProcess): Promise<number> {
  return Number(/:(\d+)$/.exec(await firstLine(server))?.[1]);
}

/** The first line that a process prints. */
export async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('a child without output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('a process of the benchmark ended early; its error is above');
}

/** Ends a process, and waits for it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** The number in the middle; of an even count, the mean of the two. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median, with the smallest and the largest. */
export function spread(numbers: readonly number[], digits: number): string {
  const ends = [Math.min(...numbers), Math.max(...numbers)].map((end) => end.toFixed(digits));
  return `${median(numbers).toFixed(digits)} (${ends.join(' to ')})`;
}
