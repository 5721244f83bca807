import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type SeedReport, seedReportSchema } from '../src/seed/report.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const lanes = fileURLToPath(new URL('../src/lanes/chat/chat-server.ts', import.meta.url));

/**
 * A directory as the program of 2023 has it. In place of Python, Node.js runs what is in its files: a
 * server of ours that takes the port from its first argument.
 */
function standIn(sockets: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'seed-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const serverOf = (transport: string, start: string) => `
    (async () => {
      const { startChatServer } = await import(${JSON.stringify(lanes)});
      const { ${start} } = await import(${JSON.stringify(
        fileURLToPath(new URL(`../../packages/${transport}-server/src/index.ts`, import.meta.url)),
      )});
      await startChatServer((options) => ${start}({ ...options, port: Number(process.argv[2]) }));
    })();`;
  mkdirSync(join(directory, 'sockets'));
  mkdirSync(join(directory, 'grpc_impl'));
  writeFileSync(
    join(directory, 'sockets/server.py'),
    sockets || serverOf('socket', 'startSocketServer'),
  );
  writeFileSync(join(directory, 'grpc_impl/grpc_server.py'), serverOf('grpc', 'startGrpcServer'));
  return directory;
}

function benchSeed(...args: string[]) {
  // The lock of the lab is one for each TMPDIR: other tests, and whoever measures, do not matter here.
  const own = mkdtempSync(join(tmpdir(), 'seed-tmp-'));
  onTestFinished(() => rmSync(own, { recursive: true }));
  const env = { ...process.env, TMPDIR: own };
  return promisify(execFile)(process.execPath, [main, 'seed', ...args], { env }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

const short = ['--python', process.execPath, '--placement', 'unpinned', '--rounds', '1'];
// How long it measures changes no part of this.
const brief = ['--warm-up-operations', '50', '--warm-up-ms', '50', '--measure-ms', '100'];

test('measures both servers with the same client, over both transports, and shows ratios', async () => {
  const directory = standIn('');
  const file = join(directory, 'seed.json');

  const { code, stdout } = await benchSeed(
    ...[directory, ...short, ...brief, '--tasks', 'op-suite'],
    ...['--json', file],
  );

  expect(code).toBe(0);
  expect(stdout).toContain('gRPC, unary calls');
  expect(stdout).toMatch(/The op suite +\d/);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('1 round of fresh processes, each of 100 ms');
  const report: SeedReport = seedReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(report.results.map(({ transport, scenario }) => `${transport} ${scenario}`)).toEqual([
    'sockets op-suite',
    'grpc op-suite',
  ]);
  expect(report).toMatchObject({ warmUpOperations: 50, measureMs: 100 });
  for (const { theirs, ours, ratio } of report.results) {
    expect(ratio.value).toBeCloseTo(theirs.median / ours.median, 9);
    expect(ratio.ci95).toBeNull();
  }
});

test.each([
  ['there is no such program', () => tmpdir(), 'a clone of https://github.com/'],
  ['its server ends', () => standIn("throw new Error('no Python')"), 'no Python'],
])('says what is wrong when %s', async (_, directory, said) => {
  const { code, stderr } = await benchSeed(directory(), ...short, '--transport', 'sockets');

  expect(stderr).toContain(said);
  expect(code).toBe(1);
});
