// Commands of the repository whose standard streams are closed, without a reader, or a full device.
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The directory of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A directory for what commands write. Each file of tests that uses it removes it, and `run` makes it again. */
export const scratch = mkdtempSync(join(tmpdir(), 'tandem-streams-'));

const [reportJson] = globSync('bench/reports/*/report.json', { cwd: root }).sort().reverse();

/** The directory of the newest report that is committed. */
export const report = join(root, dirname(reportJson ?? ''));

/** The files that start `tandem` and `bench`. */
export const tandem = 'packages/cli/bin/tandem.js';
export const bench = 'bench/bin/bench.js';

/** Those of the rig. */
export const soak = 'packages/fault-rig/bin/soak.js';
export const attack = 'packages/fault-rig/bin/attack.js';

/** A command, and a file that it has to write all the same. NUMBER stands for another number in each run. */
export type StreamedCommand = [line: string, file?: string];

/** Commands that take seconds; see standard-streams.long.test.ts. `report` and `cited.md` are of its making. */
export const slowCommands: readonly StreamedCommand[] = [
  [`${tandem} demo`],
  [`${bench} wire --lanes sockets-framed --html ${scratch}/NUMBER.html`, 'NUMBER.html'],
  [`${bench} complexity`],
  [`${bench} cite ${scratch}/cited.md`],
  [`${bench} render ${scratch}/report`],
  [
    `${bench} run --lanes net-echo --scenarios latency-1 --placement unpinned --rounds 1 --no-wire ` +
      `--measure-ms 10 --warm-up-ms 10 --out ${scratch}/NUMBER`,
    'NUMBER/report.json',
  ],
  [
    `${soak} --minutes 0.01 --round-seconds 0.1 --clients 4 --out ${scratch}/NUMBER.json`,
    'NUMBER.json',
  ],
  ['protos/scripts/check-buf.ts'],
];

/** A name of streams, the words of a shell that set them, and the exit code of a command that prints. */
export type Streams = readonly [name: string, set: string, code: number];

// What the shell makes of the streams. What can still be read of them is in the file OTHER. A reader
// that has gone is a pipe whose only reader ends before the command begins.
const gone = 'exec 9> >(:); wait $!';
/** All that is tried. */
export const streams: readonly Streams[] = [
  ['all closed', 'exec <&- >&- 2>&-', 0],
  ['input closed', 'exec <&- >OTHER 2>&1', 0],
  // As a program starts it that wants none of its output.
  ['output closed', 'exec >&- 2>OTHER', 0],
  ['errors closed', 'exec >OTHER 2>&-', 0],
  ['output full', 'exec </dev/null >/dev/full 2>OTHER', 1],
  ['output without a reader, errors full', `${gone}; exec >&9 2>/dev/full`, 141],
  ['errors without a reader', `${gone}; exec 2>&9 >OTHER`, 0],
  ['errors full', 'exec >OTHER 2>/dev/full', 0],
];

/** The streams with which a command's output is lost. */
export const lost = streams.filter(([, , code]) => code !== 0);

/** The worst of them. */
export const worst = lost.slice(1);

/** Tries that commands do their work with these streams. */
export function describeStreams(
  commands: readonly StreamedCommand[],
  streamsOf: (line: string) => readonly Streams[],
): void {
  describe.each(commands)('%s', (line, file) => {
    it.each(streamsOf(line))('does its work with %s', async (_, set, code) => {
      // What prints little or nothing has nothing to lose.
      const quiet = line.includes('generate') ? 0 : code;
      const ran = await run(line, set);
      expect(ran.other).not.toMatch(/^\s+at /m);
      expect(ran.code, ran.other).toBe(quiet);
      if (file !== undefined) {
        expect(existsSync(join(scratch, file.replace('NUMBER', `${ran.number}`)))).toBe(true);
      }
    });
  });
}

/** Checks that these lines try every command of the repository. */
export function describeTried(lines: readonly string[]): void {
  it.each([tandem, bench])('of %s is tried', async (program) => {
    const names = await commandsOf(program);
    expect(names.length).toBeGreaterThan(8);
    const untried = names.filter(
      (name) => !lines.some((line) => line.startsWith(`${program} ${name}`)),
    );
    expect(untried).toEqual([]);
  });

  it.each([soak, attack])('is tried: %s', (program) => {
    expect(lines.some((line) => line.startsWith(program))).toBe(true);
  });
}

/** Returns the names of a program's commands, without `help`, which is the help of another one. */
async function commandsOf(program: string): Promise<string[]> {
  const { other } = await run(`${program} --help`, 'exec >OTHER');
  const [, list = ''] = /^Commands:\n((?: .*\n)+)/m.exec(other) ?? [];
  const names = [...list.matchAll(/^ {2}([-\w]+)/gm)].flatMap(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

let number = 0;

/** Runs a command of the repository under a shell that sets its streams before. */
export function run(line: string, set: string) {
  const mine = number++;
  const other = join(scratch, `other-${mine}`);
  // A worker takes one file of tests after the other, and the one before may have removed it.
  mkdirSync(scratch, { recursive: true });
  const script = `${set.replace('OTHER', other)} && exec ${process.execPath} ${line.replaceAll('NUMBER', `${mine}`)}`;
  return new Promise<{ code: number; other: string; number: number }>((resolve) => {
    // A lock of the lab of its own: TMPDIR stands for the machine.
    const env = { ...process.env, TMPDIR: scratch };
    execFile('bash', ['-c', script], { cwd: root, env }, (error) => {
      const said = existsSync(other) ? readFileSync(other, 'utf8') : '';
      resolve({ code: Number(error?.code ?? 0), other: said, number: mine });
    });
  });
}
