import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReport } from '../src/report/schema/read.ts';
import type { Report } from '../src/report/schema/report.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const committed = fileURLToPath(new URL('../reports/2026-11-28', import.meta.url));
const warm = ['--warm-up-operations', '100', '--warm-up-ms', '20'];
const short = ['--measure-ms', '20', ...warm, '--no-wire'];
const one = ['--lanes', 'net-echo', '--scenarios', 'latency-1', '--placement', 'unpinned'];

const scratch = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a whole run, with its settings in a file, from a working directory that is gone', () => {
  const out = join(scratch, 'whole', 'report');
  let [ran, report]: [Ended?, Report?] = [];

  beforeAll(async () => {
    const config = join(scratch, 'bench.json');
    const settings = { lanes: ['net-echo'], scenarios: ['latency-1'], placements: ['unpinned'] };
    const times = { measureMs: 20, warmUpMs: 20, warmUpOperations: 100, rounds: 2 };
    writeFileSync(config, JSON.stringify({ ...settings, ...times, wire: false, out }));
    ran = await inGone('--config', config);
    if (ran.code === 0) report = readReport(out);
  });

  test('writes a report that can be read again, and says where', () => {
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/1 cells?, 2 rounds/) });
    expect(ran?.stdout).toContain(`The report is in ${out}/`);
    expect(report).toMatchObject({ complete: true, citable: false, preset: 'custom' });
    const runs = report?.cells[0]?.runs ?? [];
    expect(runs).toHaveLength(2);
    // A run for which the machine was slow counts only where there is no other.
    const calm = runs.filter(({ slow }) => slow === false).length;
    expect(report?.results.map(({ metric, n }) => [metric, n])).toContainEqual(['p50', calm || 2]);
    for (const file of ['report.md', 'report.html'])
      expect(existsSync(join(out, file)), file).toBe(true);
  });

  test('takes its settings from the file', () => {
    expect(report?.options).toMatchObject({ rounds: 2, measureMs: 20, lanes: ['net-echo'] });
    expect(report?.wire).toBeNull();
  });

  test('refuses a place in the directory that is gone', async () => {
    expect(await inGone(...one, ...short, '--out', 'here')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'the reports cannot go to here: the working directory is gone',
      ),
    });
  });
});

// Each of these is mostly the start of a process, or its wait.
describe.concurrent('bench', () => {
  test('refuses to run beside another, which leaves a valid report when it is interrupted', async () => {
    const out = join(scratch, 'interrupted');
    const lock = newLock();
    const bench = start(lock, ...one, ...short, '--rounds', '1000', '--out', out);
    const ending = ended(bench);
    await lineOf(bench, /round 3 of/);

    const beside = start(lock, ...one, ...short, '--out', join(scratch, 'beside'));
    const { code: refused, stderr } = await ended(beside);

    expect(refused).toBe(1);
    expect(stderr).toContain(`another run of the lab is measuring here (process ${bench.pid} of `);
    const children = await childrenOf(bench);

    bench.kill('SIGINT');
    const { code, stdout } = await ending;

    expect(code).toBe(130);
    expect(stdout).toContain(`The report is in ${relative(process.cwd(), out)}/`);
    const report = readReport(out);
    expect(report).toMatchObject({ complete: false, citable: false });
    expect(report.notCitableBecause).toContain('the run was ended before its plan');
    expect(report.cells[0]?.runs.length).toBeGreaterThanOrEqual(2);
    expect(children.filter(isAlive)).toEqual([]);
  });

  test('writes no report when it is interrupted before it measured anything', async () => {
    const out = join(scratch, 'nothing');
    const bench = start(newLock(), ...one, ...short, '--out', out);
    const ending = ended(bench);
    await lineOf(bench, /^1 cell, /);
    bench.kill('SIGINT');

    expect(await ending).toMatchObject({
      ...{ code: 130, stdout: '' },
      stderr: expect.stringContaining('nothing was measured, so there is no report'),
    });
    expect(existsSync(join(out, 'report.json'))).toBe(false);
  });

  test.each([
    [
      ['--lanes', 'codec-framed', '--scenarios', 'delivery'],
      64,
      /there is no chat service behind it/,
    ],
    [['--out', '/dev/null/report'], 1, /the reports cannot go to/],
    [['--speed'], 64, /unknown option '--speed'/],
    [['wire', '--lanes', 'nope'], 64, /^bench: there is no lane nope; there are in-process, /],
    [
      ['wire', '--lanes', 'net-echo,codec-framed'],
      64,
      /^bench: codec-framed has no wire: leave it/,
    ],
    [['wire', '--first'], 64, /^bench: --first is of --hex: add --hex, or leave it out\n$/],
    [['render', ''], 64, /It takes a report.json, or the directory that has it; this is empty/],
    [
      ['compare', 'a', ' '],
      64,
      /It takes a report.json, or the directory that has it; this is empty/,
    ],
    [['combine', ''], 64, /It takes a report.json, or the directory that has it; this is empty/],
    [['seed', ''], 64, /It takes a directory; this is empty/],
    [['cite', ''], 64, /It takes a document; this is empty/],
    [['compare', 'a', 'b'], 1, /\ba\b/],
    [['cite', 'none.md'], 1, /cannot read none\.md: no such file or directory/],
    [['combine', 'a', 'b'], 1, /\ba\b/],
    [['combine', committed], 64, /^bench: there is one report, and it takes two to join\n$/],
  ])('answers %s with an error that helps', async (args, expected, message) => {
    const { code, stderr } = await run(...args);

    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('renders a report by its file, and none by another name, which would replace it', async () => {
    const directory = join(scratch, 'rendered');
    mkdirSync(directory);
    const text = readFileSync(join(committed, 'report.json'));
    for (const name of ['report.json', 'older.json']) writeFileSync(join(directory, name), text);

    const { code, stderr } = await run('render', join(directory, 'report.json'));
    expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(directory).sort()).toEqual(
      ['older.json', 'report.html', 'report.json', 'report.md'].sort(),
    );
    const other = await run('render', join(directory, 'older.json'));
    expect([other.code, other.stdout]).toEqual([1, '']);
    expect(other.stderr).toMatch(/^bench: cannot read .*older\.json\/report\.json: /);
  });

  test('says when it compares a report with itself', async () => {
    const { code, stderr } = await run('compare', committed, committed);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^A and B are one report, which began /),
    ]);
  });

  test('writes no document that it is to cite in when it can read or write not all of them', async () => {
    const text = `<!-- report: ${committed} -->\n\nAfter 77<!-- rounds --> rounds.\n`;
    const [one, other, gone] = ['one', 'other', 'gone'].map((name) => join(scratch, `${name}.md`));
    for (const path of [one, other]) writeFileSync(path ?? '', text);
    const refused = await run('cite', one ?? '', gone ?? '', other ?? '');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^bench: cannot read .*gone\.md: no such file or directory\n$/);

    // Every write fails, as on a full disk.
    const command = 'ulimit -f 0; exec "$@"';
    const full = await ended(
      spawn('bash', ['-c', command, 'bash', process.execPath, main, 'cite', one ?? '']),
    );
    expect([full.code, full.stdout]).toEqual([1, '']);
    expect(full.stderr).toMatch(/^bench: cannot write .*one\.md: file too large\n$/);
    for (const path of [one, other]) expect(readFileSync(path ?? '', 'utf8')).toBe(text);
    expect(readdirSync(scratch).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.each([['--help'], ['list']])('teaches with %s', async (...args) => {
    const { code, stdout } = await run(...args);

    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: bench|Lanes:/);
  });

  test('shows the bytes of an operation, and refuses one that there is not', async () => {
    const shown = await run('wire', '--hex', 'search', '--first', '--lanes', 'sockets-framed');
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toContain(
      'search on sockets-framed, the first on its connection: 11 bytes',
    );
    expect(shown.stdout).toMatch(/^F 03 +operation 3: search$/m);
    const none = await run('wire', '--hex', 'login', '--lanes', 'net-echo');
    expect([none.code, none.stderr]).toEqual([64, expect.stringContaining('the operation login')]);
    const refused = await run('wire', '--hex', 'gossip');
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('search, send')]);
  });

  test('writes a page of every byte, where it is told', async () => {
    const page = join(scratch, 'deep', 'wire.html');
    const { code, stdout } = await run('wire', '--html', page, '--lanes', 'sockets-framed');
    expect([code, stdout]).toEqual([0, `The page is ${page}\n`]);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]+request 4: send/);
  });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return ended(start(newLock(), ...args));
}

/** Runs the command from a working directory that is removed before it begins. */
function inGone(...args: readonly string[]): Promise<Ended> {
  const directory = join(scratch, 'gone');
  mkdirSync(directory);
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const line = ['-c', script, 'sh', directory, process.execPath, main, ...args];
  return ended(spawnWith(newLock(), 'sh', ...line));
}

function start(lock: string, ...args: readonly string[]): ChildProcess {
  return spawnWith(lock, process.execPath, main, ...args);
}

/** A `TMPDIR`, and so a lock, of its own: no test waits for another run of the lab on this machine. */
function newLock(): string {
  return mkdtempSync(join(scratch, 'lock-'));
}

function spawnWith(lock: string, program: string, ...args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: 'pipe', env: { ...process.env, TMPDIR: lock } });
}

async function ended(bench: ChildProcess): Promise<Ended> {
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
