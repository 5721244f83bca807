import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readReport } from '../src/report/schema/read.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const warm = ['--warm-up-operations', '100', '--warm-up-ms', '20'];
const short = ['--measure-ms', '20', ...warm, '--no-wire'];
const one = ['--lanes', 'net-echo', '--scenarios', 'latency-1', '--placement', 'unpinned'];

// A lock of its own: a run of the lab on this machine is nothing that a test should wait for.
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('writes a report that can be read again, and says where', async () => {
  const out = join(directory, 'report');

  const { code, stdout, stderr } = await run(...one, ...short, '--rounds', '2', '--out', out);

  expect([code, stderr]).toEqual([0, expect.stringMatching(/1 cells?, 2 rounds/)]);
  expect(stdout).toContain(out.slice(-6));
  const report = readReport(out);
  expect(report).toMatchObject({ complete: true, citable: false, preset: 'custom' });
  const runs = report.cells[0]?.runs ?? [];
  expect(runs).toHaveLength(2);
  // A run for which the machine was slow counts only where there is no other.
  const calm = runs.filter(({ slow }) => slow === false).length;
  expect(report.results.map(({ metric, n }) => [metric, n])).toContainEqual(['p50', calm || 2]);
  for (const file of ['report.md', 'report.html'])
    expect(existsSync(join(out, file)), file).toBe(true);
});

test('refuses to run beside another, which leaves a valid report when it is interrupted', async () => {
  const out = join(directory, 'report');
  const bench = start(...one, ...short, '--rounds', '1000', '--out', out);
  await lineOf(bench, /round 3 of/);

  const { code: refused, stderr } = await run(...one, ...short, '--out', join(directory, 'b'));

  expect(refused).toBe(1);
  expect(stderr).toContain(`another run of the lab is measuring here (process ${bench.pid} of `);
  const children = await childrenOf(bench);

  bench.kill('SIGINT');
  const [code] = await once(bench, 'exit');

  expect(code).toBe(130);
  const report = readReport(out);
  expect(report).toMatchObject({ complete: false, citable: false });
  expect(report.notCitableBecause).toContain('the run was ended before its plan');
  expect(report.cells[0]?.runs.length).toBeGreaterThanOrEqual(2);
  expect(children.filter(isAlive)).toEqual([]);
});

test.each([
  [['--lanes', 'carrier-pigeon'], 2, /there is no lane carrier-pigeon; there are: .*net-echo/],
  [['--scenarios', 'speed'], 2, /there is no scenario speed; there are: .*latency-1/],
  [['--rounds', '0'], 2, /rounds/],
  [['--placement', 'moon'], 2, /placements/],
  [['--config', 'none.json'], 2, /none\.json cannot be read/],
  [['--lanes', 'codec-framed', '--scenarios', 'delivery'], 2, /there is no chat service behind it/],
  [['--out', '/dev/null/report'], 2, /the reports cannot go to/],
  [['--speed'], 2, /unknown option '--speed'/],
  [['compare', 'a', 'b'], 2, /\ba\b/],
  [['cite', 'none.md'], 2, /cannot read none\.md: no such file or directory/],
  [['combine', 'a', 'b'], 2, /\ba\b/],
])('answers %s with an error that helps', async (args, expected, message) => {
  const { code, stderr } = await run(...args);

  expect(stderr).toMatch(message);
  expect(code).toBe(expected);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('keeps the report of a run whose working directory is gone, and refuses a place in it', async () => {
  const gone = join(directory, 'gone');
  const inGone = (...args: string[]) => {
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
    const line = ['sh', gone, process.execPath, main, ...one, ...short, '--rounds', '1', ...args];
    const env = { ...process.env, TMPDIR: directory };
    return spawnSync('sh', ['-c', script, ...line], { encoding: 'utf8', env });
  };
  const out = join(directory, 'report');
  const kept = inGone('--out', out);
  expect([kept.status, kept.stdout]).toEqual([
    0,
    expect.stringContaining(`The report is in ${out}/`),
  ]);
  expect(readReport(out)).toMatchObject({ complete: true });

  const refused = inGone('--out', 'here');
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('the reports cannot go to here: the working directory is gone'),
  ]);
});

test('takes its settings from a file', async () => {
  const config = join(directory, 'bench.json');
  const out = join(directory, 'report');
  const settings = { lanes: ['net-echo'], scenarios: ['latency-1'], placements: ['unpinned'] };
  const times = { measureMs: 20, warmUpMs: 20, warmUpOperations: 100, rounds: 1 };
  const rest = { wire: false, out };
  writeFileSync(config, JSON.stringify({ ...settings, ...times, ...rest }));

  const { code } = await run('--config', config);

  expect(code).toBe(0);
  expect(readReport(out).options).toMatchObject({ rounds: 1, measureMs: 20 });
  expect(readReport(out).wire).toBeNull();
});

test.each([['--help'], ['run', '--help'], ['wire', '--help'], ['list']])(
  'teaches with %s',
  async (...args) => {
    const { code, stdout } = await run(...args);

    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: bench|Lanes:/);
  },
);

test('shows the bytes of an operation, and refuses one that there is not', async () => {
  const shown = await run('wire', '--hex', 'search', '--first', '--lanes', 'sockets-framed');
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toContain('search on sockets-framed, the first on its connection: 11 bytes');
  expect(shown.stdout).toMatch(/^F 03 +operation 3: search$/m);
  const none = await run('wire', '--hex', 'login', '--lanes', 'net-echo');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('the operation login')]);
  const refused = await run('wire', '--hex', 'gossip');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('search, send')]);
});

test('writes a page of every byte, where it is told', async () => {
  const page = join(directory, 'deep', 'wire.html');
  const { code, stdout } = await run('wire', '--html', page, '--lanes', 'sockets-framed');
  expect([code, stdout]).toEqual([0, `The page is ${page}\n`]);
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]+request 4: send/);
});

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    stdio: 'pipe',
    env: { ...process.env, TMPDIR: directory },
  });
}

async function run(...args: readonly string[]) {
  const bench = start(...args);
  let [stdout, stderr] = ['', ''];
  bench.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  bench.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(bench, 'close')) as [number];
  return { code, stdout, stderr };
}

async function lineOf(bench: ChildProcess, pattern: RegExp): Promise<void> {
  if (bench.stderr === null) throw new Error('no standard error');
  for await (const line of createInterface({ input: bench.stderr })) {
    if (pattern.test(line)) break;
  }
  bench.stderr.resume();
}

/** The processes that it has started and that run, once there are any. */
async function childrenOf(bench: ChildProcess): Promise<number[]> {
  for (;;) {
    const processes = execFileSync('ps', ['-eo', 'ppid=,pid='], { encoding: 'utf8' });
    const pairs = processes.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    const children = pairs.flatMap(([parent, pid]) => (parent === bench.pid && pid ? [pid] : []));
    if (children.length > 0) return children;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
