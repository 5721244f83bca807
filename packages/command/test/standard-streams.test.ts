// Any of the three standard streams of any command may be closed, without a reader, or a full device.
import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAtOnce, linesAtOnce } from './lines-at-once.ts';
import {
  bench,
  describeStreams,
  describeTried,
  lost,
  report,
  root,
  run,
  type StreamedCommand,
  scratch,
  slowCommands,
  streams,
  tandem,
  worst,
} from './streamed-command.ts';
import { makeData, startServer } from './streamed-server.ts';

// Two that can be joined.
const [first, second] = ['2026-11-27', '2026-11-28'].map((name) =>
  join(root, 'bench/reports', name),
);

// Each with a file that it has to write all the same.
const commands: readonly StreamedCommand[] = [
  [`${tandem} backup ${scratch}/NUMBER.db --data-dir ${scratch}/data`, 'NUMBER.db'],
  [`${tandem} restore ${scratch}/first.db --data-dir ${scratch}/NUMBER`, 'NUMBER/tandem.db'],
  [
    `${tandem} certificate --tls-cert ${scratch}/NUMBER.pem --tls-key ${scratch}/NUMBER.key`,
    'NUMBER.pem',
  ],
  [`${bench} list`],
  [`${bench} wire --lanes sockets-framed`],
  [`${bench} wire --lanes sockets-framed --hex search`],
  [`${bench} compare ${report} ${report}`],
  [`${bench} combine --unlike-commits --json ${first} ${second}`],
  ['protos/scripts/generate.ts --check'],
];

beforeAll(async () => {
  await makeData();
  const made = await run(`${tandem} backup ${scratch}/first.db --data-dir ${scratch}/data`, ':');
  expect(made.code, made.other).toBe(0);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describeStreams(commands, (line) => (line.includes('tandem') ? lost : worst));

// Of the eight settings each has two, and each setting eight lines; standard-streams.long.test.ts has all.
describeAtOnce((line) => streams.filter((_, setting) => (line + setting) % 4 === 0));

// What they need is not there. They say so on standard error alone.
const refused: readonly [line: string][] = [
  [`${tandem} cluster --admin-port 1 --admin-token-file ${scratch}/token`],
  [
    `${tandem} migrate sqlite-to-postgres --data-dir ${scratch}/data --postgres-url postgres://a@127.0.0.1:1/b`,
  ],
  [`${bench} seed ${scratch}/none`],
];

describe.each(refused)('%s, which fails,', (line) => {
  it.each(streams)('ends with its own code with %s', async (_, set) => {
    writeFileSync(`${scratch}/token`, 'a token of a server\n');
    const ran = await run(line, set);
    expect(ran.other).not.toMatch(/^\s+at /m);
    expect(ran.code, ran.other).toBe(1);
  });
});

const ofServer: readonly [line: string][] = [
  [`${tandem} register userNUMBER --port PORT`],
  [`${tandem} send user0 user0 hello --port PORT`],
  [`${tandem} search --port PORT`],
  [`${tandem} chat --port PORT`],
  [`${tandem} admin users --data-dir ${scratch}/served`],
];
const load = `${bench} load 127.0.0.1:PORT --connections 2 --duration 0.1 --warm-up 0`;

describe('every command', () => {
  const ended = linesAtOnce.map(([line]) => line);
  const others = [...commands, ...slowCommands, ...refused, ...ofServer, [load]];

  describe('at once', () => describeTried(ended));
  // Its help does no work.
  describe('at work', () => {
    const working = ended.filter((line) => !line.includes('--help'));
    describeTried([...others.map(([line]) => line), ...working]);
  });
});

describe('with a server', () => {
  let serve: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    const data = `--store sqlite --data-dir ${scratch}/served`;
    serve = await startServer('>/dev/null 2>&1', data);
    writeFileSync(`${scratch}/typed`, 'search *\nquit\n');
    // The user who sends.
    const made = await run(`${tandem} register user0 --port ${serve.port}`, ':');
    expect(made.code).toBe(0);
  });
  afterAll(async () => {
    expect(await serve.stop()).toEqual([0, null]);
  });

  describe.each(ofServer)('%s', (line) => {
    it.each(lost)('ends with what says so, with %s', async (_, set, code) => {
      const ran = await run(line.replace('PORT', `${serve.port}`), `${set} <${scratch}/typed`);
      expect(ran.code, ran.other).toBe(code);
      if (code === 1) expect(ran.other).toContain('standard output cannot be written');
    });
  });

  it.each(['chat', 'send user0 user0 -', 'chat --json', 'send user0 user0 - --json'])(
    'tandem %s says that it cannot read its input, and ends with 1',
    async (line) => {
      // A shell opens it for writing alone.
      const set = `exec >OTHER 2>&1 0>${scratch}/out`;
      const ran = await run(`${tandem} ${line} --port ${serve.port}`, set);
      const reason = 'standard input cannot be read: bad file descriptor';
      const { status, text = ran.other } = line.includes('--json') ? JSON.parse(ran.other) : {};
      expect([ran.code, status, text.trimEnd()]).toEqual([
        1,
        line.includes('--json') ? 'no-input' : undefined,
        reason,
      ]);
    },
  );

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
