// Any of the three standard streams of any command may be closed, without a reader, or a full device.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'tandem-streams-'));
// The newest report that is committed.
const [reportJson] = globSync('bench/reports/*/report.json', { cwd: root }).sort().reverse();
const report = join(root, dirname(reportJson ?? ''));
// Two that can be joined.
const [first, second] = ['2026-11-27', '2026-11-28'].map((name) =>
  join(root, 'bench/reports', name),
);
const tandem = 'packages/cli/bin/tandem.js';
const bench = 'bench/bin/bench.js';

// Each with a file that it has to write all the same.
const commands: readonly [line: string, file?: string][] = [
  [`${tandem} --version`],
  [`${tandem} serve --help`],
  [`${tandem} demo`],
  [`${tandem} backup ${scratch}/NUMBER.db --data-dir ${scratch}/data`, 'NUMBER.db'],
  [`${tandem} restore ${scratch}/first.db --data-dir ${scratch}/NUMBER`, 'NUMBER/tandem.db'],
  [`${tandem} check --data-dir ${scratch}/data`],
  [`${tandem} serve --print-config`],
  [`${tandem} completion bash`],
  [
    `${tandem} certificate --tls-cert ${scratch}/NUMBER.pem --tls-key ${scratch}/NUMBER.key`,
    'NUMBER.pem',
  ],
  [`${bench} list`],
  [`${bench} --help`],
  [`${bench} wire --lanes sockets-framed`],
  [`${bench} wire --lanes sockets-framed --hex search`],
  [`${bench} wire --lanes sockets-framed --html ${scratch}/NUMBER.html`, 'NUMBER.html'],
  [`${bench} compare ${report} ${report}`],
  [`${bench} combine --unlike-commits --json ${first} ${second}`],
  [`${bench} complexity`],
  [`${bench} cite ${scratch}/cited.md`],
  [`${bench} render ${scratch}/report`],
  [
    `${bench} run --lanes net-echo --scenarios latency-1 --placement unpinned --rounds 1 --no-wire ` +
      `--measure-ms 10 --warm-up-ms 10 --out ${scratch}/NUMBER`,
    'NUMBER/report.json',
  ],
  [
    `packages/fault-rig/bin/soak.js --minutes 0.01 --round-seconds 0.1 --clients 4 --out ${scratch}/NUMBER.json`,
    'NUMBER.json',
  ],
  ['packages/conformance/src/vectors/main.ts'],
  ['protos/scripts/generate.ts --check'],
];

// What the shell makes of the streams. What can still be read of them is in the file OTHER. A reader
// that has gone is a pipe whose only reader ends before the command begins.
const gone = 'exec 9> >(:); wait $!';
const streams: readonly [name: string, set: string, code: number][] = [
  ['all closed', 'exec <&- >&- 2>&-', 0],
  // As a program starts it that wants none of its output.
  ['output closed', 'exec >&- 2>OTHER', 0],
  ['output full', 'exec </dev/null >/dev/full 2>OTHER', 1],
  ['output without a reader, errors full', `${gone}; exec >&9 2>/dev/full`, 141],
  ['errors without a reader', `${gone}; exec 2>&9 >OTHER`, 0],
];

let number = 0;

beforeAll(async () => {
  cpSync(report, `${scratch}/report`, { recursive: true });
  writeFileSync(
    `${scratch}/cited.md`,
    '<!-- report: report -->\n\nAfter 6<!-- rounds --> rounds.\n',
  );
  // It makes the data that is backed up.
  const serve = await startServer('>/dev/null 2>&1', `--store sqlite --data-dir ${scratch}/data`);
  expect(await serve.stop()).toEqual([0, null]);
  const made = await run(`${tandem} backup ${scratch}/first.db --data-dir ${scratch}/data`, ':');
  expect(made.code, made.other).toBe(0);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// What takes seconds is tried with what is worst for it.
const worst = streams.slice(3, 4);
const lost = streams.slice(2, 4);

describe.each(commands)('%s', (line, file) => {
  const isQuick = /bench\.js (list|combine)|tandem\.js (?!demo)|vectors|generate/.test(line);
  it.each(isQuick ? streams : worst)('does its work with %s', async (_, set, code) => {
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

describe('with a server', () => {
  let serve: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    serve = await startServer('>/dev/null 2>&1', '--store memory');
    writeFileSync(`${scratch}/typed`, 'search *\nquit\n');
  });
  afterAll(async () => {
    expect(await serve.stop()).toEqual([0, null]);
  });

  const load = `${bench} load 127.0.0.1:PORT --connections 2 --duration 0.1 --warm-up 0`;
  describe.each([
    ['register userNUMBER --port PORT'],
    ['search --port PORT'],
    ['chat --port PORT'],
  ])('tandem %s', (line) => {
    it.each(lost)('ends with what says so, with %s', async (_, set, code) => {
      const asked = `${tandem} ${line.replace('PORT', `${serve.port}`)}`;
      const ran = await run(asked, `${set} <${scratch}/typed`);
      expect(ran.code, ran.other).toBe(code);
      if (code === 1) expect(ran.other).toContain('standard output cannot be written');
    });
  });

  it.each(worst)('bench load does its work with %s', async (_, set, code) => {
    const line = load.replace('PORT', `${serve.port}`);
    const ran = await run(`${line} --json ${scratch}/NUMBER.json`, set);
    expect(ran.code, ran.other).toBe(code);
    const report = JSON.parse(readFileSync(`${scratch}/${ran.number}.json`, 'utf8'));
    expect(report.accounts).toMatchObject({ registered: 2, leftBehind: 0 });
  });

  it.each(lost)('bench load, whose report nobody gets, ends so with %s', async (_, set, code) => {
    const ran = await run(`${load.replace('PORT', `${serve.port}`)} --json -`, set);
    expect(ran.code, ran.other).toBe(code);
  });
});

describe('tandem serve', () => {
  it.each([
    ['all closed', '<&- >&- 2>&-'],
    ['output and errors full', '>/dev/full 2>/dev/full'],
    ['output and errors without a reader', '> >(:) 2> >(:)'],
  ])('serves and stops with %s, data on no standard stream', async (_, redirections) => {
    const number = `streams-${Math.random()}`;
    const keep = `--store sqlite --data-dir ${scratch}/${number} --log-level trace`;
    const serve = await startServer(redirections, keep);
    for (const fd of [0, 1, 2]) {
      expect(readlinkSync(`/proc/${serve.pid}/fd/${fd}`)).not.toContain(scratch);
    }
    expect(await serve.stop()).toEqual([0, null]);
  });
});

/** Starts a server that cannot say where it listens, and waits until it answers a client. */
async function startServer(redirections: string, options: string) {
  const line = `${tandem} serve --transport socket --socket-port 0 ${options}`;
  const child = spawn('bash', ['-c', `exec ${process.execPath} ${line} ${redirections}`], {
    cwd: root,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const { pid = 0 } = child;
  while (!(await greets(portOf(pid)))) expect(child.exitCode).toBeNull();
  return {
    pid,
    port: portOf(pid),
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Returns the port on which a process listens, as the system knows it; 0 when it does not yet. */
function portOf(pid: number): number {
  const fds = `/proc/${pid}/fd`;
  const open = new Set(
    readdirSync(fds).flatMap((fd) => {
      try {
        return [readlinkSync(join(fds, fd))];
      } catch {
        // It is closed by now.
        return [];
      }
    }),
  );
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isListening = state === '0A' && open.has(`socket:[${inode}]`);
    if (isListening) return Number.parseInt(local.split(':')[1] ?? '', 16);
  }
  return 0;
}

/** Says whether a server of the framed dialect answers there. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.of(0x81)));
    socket.on('data', ([first]) => {
      socket.destroy();
      resolve(first === 0x81);
    });
    socket.on('error', () => setTimeout(resolve, 20, false));
  });
}

/** Runs a command of the repository under a shell that sets its streams before. */
function run(line: string, set: string) {
  const mine = number++;
  const other = join(scratch, `other-${mine}`);
  const script = `${set.replace('OTHER', other)}; exec ${process.execPath} ${line.replaceAll('NUMBER', `${mine}`)}`;
  return new Promise<{ code: number; other: string; number: number }>((resolve) => {
    // A lock of the lab of its own: TMPDIR stands for the machine.
    const env = { ...process.env, TMPDIR: scratch };
    execFile('bash', ['-c', script], { cwd: root, env }, (error) => {
      const said = existsSync(other) ? readFileSync(other, 'utf8') : '';
      resolve({ code: Number(error?.code ?? 0), other: said, number: mine });
    });
  });
}
