// `bench load` as a process against `tandem serve` as another, over each transport and mode.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@tandem/command/testing/program';
import { Status, type TransportName } from '@tandem/core';
import { TcpProxy } from '@tandem/proxy';
import { connectSocketClient } from '@tandem/socket-client';
import { makeCertificate } from '@tandem/tls/certificate';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LoadReport, loadReportSchema } from '../src/load/record/report.ts';

const bench = fileURLToPath(new URL('../bin/bench.js', import.meta.url));
const tandem = fileURLToPath(new URL('../../packages/cli/bin/tandem.js', import.meta.url));

const ways = [
  ['sockets', 'socket', []],
  ['gRPC on one stream', 'grpc', ['--mode', 'converse']],
  ['gRPC call by call', 'grpc', ['--mode', 'unary']],
] as const;

const short = ['--connections', '3', '--warm-up', '0', '--duration', '0.3'];
const even = ['--rate', '400', '--arrivals', 'constant'];
// A server that needs to speak nothing else starts in half the time.
const socketsAlone = ['--transport', 'socket'];
const long = ['--connections', '3', '--warm-up', '0', '--duration', '600'];

const ends: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));
/** Registers the end of what all tests share; a hook that runs can register no hook. */
const afterFile = (end: () => Promise<void>) => {
  ends.push(end);
};

// Loads end without accounts, so that one server is for all that it outlives.
let shared: Server;
beforeAll(async () => {
  shared = await Server.start([], afterFile);
});

let secured: { readonly server: Server; readonly fingerprint: string };
beforeAll(async () => {
  const { cert, key, fingerprint } = await makeCertificate({ names: ['localhost'], days: 1 });
  const files = {
    cert: fileInScratch('cert.pem', afterFile),
    key: fileInScratch('key.pem', afterFile),
  };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  const tls = ['--tls', 'optional', '--tls-cert', files.cert, '--tls-key', files.key];
  secured = { server: await Server.start(tls, afterFile), fingerprint };
});

describe.each(ways)('over %s', (_, transport, options) => {
  const spoken = transport === 'socket' ? socketsAlone : [];
  test('counts add up in both loops, and the accounts are gone', async () => {
    const server = shared;
    const paces = [['--depth', '4'], even];
    // Nothing says what the server speaks but for a mode of gRPC.
    const loads = paces.map((pace) =>
      loadOn(server.address(transport), ...short, ...options, ...pace, '--json', '-'),
    );
    for (const load of loads) {
      expect(await load.exited, load.errorOutput).toEqual([0, null]);
      const report = readReport(load.output);
      expectWhole(report);
      expect(report.target).toMatchObject({ transport, mode: options[1] ?? null });
      expect(await server.namesOf(report)).toEqual([]);
      expect(load.errorOutput).toContain('3 connections to 127.0.0.1:');
      expect(load.errorOutput).toContain('the server is on this machine');
    }
    expect(readReport(loads[1]?.output ?? '').operations.due).toBe(120);
  });

  test('the same over TLS, with a server that is trusted by its fingerprint alone', async () => {
    const { server, fingerprint } = secured;
    const load = loadOverTls(transport, fingerprint, ...options);
    expect(await load.exited, load.errorOutput).toEqual([0, null]);
    const report = readReport(load.output);
    expectWhole(report);
    expect(report.target).toMatchObject({ transport, mode: options[1] ?? null });
    expect(await server.namesOf(report)).toEqual([]);
    expect(load.errorOutput).toContain(' and TLS');
  });

  test('a server that is killed costs errors, and the summary still comes', async () => {
    const server = await Server.start(spoken);
    const thresholds = ['--errors', '0', '--json', '-'];
    const pace = ['--rate', '300', ...long, '--duration', '3'];
    const load = loadOn(server.address(transport), ...pace, ...options, ...thresholds);
    await server.answers(20);

    server.program.signal('SIGKILL');
    expect(await load.exited).toEqual([1, null]);

    const { operations, errors, connects, accounts, thresholds: judged } = readReport(load.output);
    expect(operations.answered).toBeGreaterThan(0);
    expect(operations.failed).toBeGreaterThan(0);
    expect(operations.due).toBe(operations.answered + operations.refused + operations.failed);
    expect(sum(errors.map(({ count }) => count))).toBe(operations.failed + connects.failed);
    expect(errors.map(({ kind }) => kind)).toContain('connection-lost');
    expect(accounts).toMatchObject({ registered: 3, deleted: 0, leftBehind: 3 });
    expect(accounts.reason).toContain('nobody listens there');
    expect(judged).toMatchObject([{ name: 'errors', met: false }]);
    expect(load.errorOutput).toMatch(/connection-lost: .* ended the connection/);
    expect(load.errorOutput).toContain(`their names begin with ${accounts.prefix}`);
  });

  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const signal = transport === 'socket' ? 'SIGTERM' : 'SIGINT';
  test(`${signal} ends it with a summary and without its accounts`, async () => {
    const server = shared;
    const file = fileInScratch('load.json');
    const before = server.answered('search');
    const load = loadOn(server.address(transport), ...long, ...options, '--json', file);
    await server.answers(before + 20);

    load.signal(signal);
    expect(await load.exited, load.errorOutput).toEqual([signals[signal], null]);

    expect(load.output).toContain('ended before its time');
    expect(load.output).toContain('all deleted again');
    const report = readReport(readFileSync(file, 'utf8'));
    expect(report).toMatchObject({ interrupted: true, operations: { failed: 0 } });
    expect(report.operations.answered).toBeGreaterThanOrEqual(20 - 3);
    expect(await server.namesOf(report)).toEqual([]);
  });
});

// Each client refuses so: packages/conformance/test/tls.test.ts.
test('a server with another fingerprint is refused', async () => {
  const load = loadOverTls('socket', '00'.repeat(32));
  expect(await load.exited).toEqual([1, null]);
  expect(load.errorOutput).toContain('its certificate has another fingerprint');
});

test('connections come back with a server that has forgotten their accounts', async () => {
  const first = await Server.start(socketsAlone);
  // Others may take the port of a server that has ended, but not that of a proxy before both.
  const proxy = await TcpProxy.open({ host: '127.0.0.1', port: first.ports.socket });
  onTestFinished(() => proxy.close());
  const load = loadOn(`${proxy.host}:${proxy.port}`, ...long, '--json', '-');
  await first.answers(20);
  proxy.setFaults({ refuseConnections: true });
  first.program.signal('SIGKILL');
  await first.program.exited;

  const again = await Server.start(socketsAlone);
  proxy.setTarget(proxy.host, again.ports.socket);
  proxy.setFaults({});
  // All three are back, and go on.
  await again.program.until(() => again.answered('login') >= 3);
  await again.answers(again.answered('search') + 20);
  load.signal('SIGINT');
  await load.exited;

  const report = readReport(load.output);
  expect(report.connects.succeeded).toBe(6);
  expect(report.accounts).toMatchObject({ registered: 3, deleted: 3, leftBehind: 0 });
  expect(await again.namesOf(report)).toEqual([]);
});

test('a server that cannot answer when the load is ended is told, and keeps its accounts', async () => {
  const server = await Server.start(socketsAlone);
  const load = loadOn(server.address('socket'), ...long, '--json', '-');
  await server.answers(20);
  server.program.signal('SIGSTOP');

  load.signal('SIGINT');
  expect(await load.exited).toEqual([130, null]);

  const { accounts, operations } = readReport(load.output);
  expect(accounts).toMatchObject({ registered: 3, leftBehind: 3 });
  expect(accounts.reason).toContain('the server has deleted none for');
  expect(operations.due).toBe(operations.answered + operations.failed);
});

test('thresholds decide the exit code, and the summary says which was missed', async () => {
  const server = shared;
  const loads = [
    ['--errors', '0%', '--rate-min', '0.01', '--p50-ms', '3600000', ...even],
    ['--errors', '0', '--rate-min', '1000000', '--p99-ms', '0.001', ...even],
  ].map((thresholds) => loadOn(server.address('socket'), ...short, ...thresholds));

  const codes = await Promise.all(loads.map(async ({ exited }) => (await exited)[0]));

  expect(codes, loads.map(({ output }) => output).join('\n')).toEqual([0, 1]);
  expect(loads[0]?.output).toMatch(/met {4}--errors: .*\n.*met {4}--rate-min/);
  expect(loads[1]?.output).toMatch(/met {4}--errors: .*\n.*MISSED --rate-min/);
  expect(loads[1]?.output).toContain('MISSED --p99-ms');
});

test('one connection sends to itself, and each second is written as CSV', async () => {
  const server = shared;
  const alone = ['--connections', '1', '--sends', '1', '--rate', '100'];
  const load = loadOn(server.address('socket'), ...short, ...alone, '--csv', '-');
  expect(await load.exited, load.errorOutput).toEqual([0, null]);
  const [head, ...rows] = load.output.split('\r\n');
  expect(head).toBe('second,answered,refused,failed,p50Us,p99Us,maxUs');
  expect(rows.at(-1)).toBe('');
  for (const row of rows.slice(0, -1)) expect(row).toMatch(/^\d+,\d+,0,0(,[\d.]*){3}$/);
  expect(load.errorOutput).toContain('100% sends of 32 characters');
});

test('a server that takes fewer connections is left as it was', async () => {
  const server = await Server.start([...socketsAlone, '--connections-max', '2']);
  const load = loadOn(server.address('socket'), ...short, '--connections', '8');

  expect(await load.exited).toEqual([1, null]);

  expect(load.errorOutput).toMatch(/^bench: only 2 of 8 connections could be opened: /);
  await server.program.until(() => server.answered('delete') === 2);
});

test('what cannot be done is said before anything is', async () => {
  const web = createServer().listen(0, '127.0.0.1');
  await once(web, 'listening');
  onTestFinished(() => void web.close());
  const { port } = web.address() as AddressInfo;
  const cases: [args: string[], code: number, message: RegExp][] = [
    [['127.0.0.1:1'], 1, /^bench: cannot connect to 127\.0\.0\.1:1: nobody listens there/],
    [['127.0.0.1:1', '--json', '/none/load.json'], 1, /\/none\/load\.json cannot be written/],
    [[`127.0.0.1:${port}`, '--warm-up', '0'], 1, /is this a Tandem/],
  ];
  const loads = cases.map(([args]) => new Program([bench, 'load', ...args]));
  for (const [index, [args, code, message]] of cases.entries()) {
    const load = loads[index] as Program;
    expect(await load.exited, args.join(' ')).toEqual([code, null]);
    expect(load.errorOutput).toMatch(message);
    expect(load.errorOutput).not.toMatch(/\n\s+at /);
    expect(load.output).toBe('');
  }
});

test.skipIf(spawnSync('prlimit', ['--version']).status !== 0)(
  'more connections than open files are refused (skipped without prlimit)',
  async () => {
    const line = [bench, 'load', '127.0.0.1:1', '--connections', '65'];
    const load = new Program(line, {}, ['prlimit', '--nofile=128']);
    expect(await load.exited).toEqual([64, null]);
    expect(load.errorOutput).toMatch(/allows this process 128: .* at most --connections 64/);
  },
);

/** `tandem serve` with both transports and a store that keeps nothing. */
class Server {
  readonly program: Program;

  private constructor(program: Program) {
    this.program = program;
  }

  /** @param afterUse registers its end; after the test by default */
  static async start(
    options: readonly string[] = [],
    afterUse: (end: () => Promise<void>) => void = onTestFinished,
  ): Promise<Server> {
    const ports = ['--socket-port', '0', '--grpc-port', '0'];
    // The log in full: it says when a request was answered.
    const env = { TANDEM_STORE: 'memory', TANDEM_LOG_LEVEL: 'trace' };
    const program = new Program([tandem, 'serve', ...ports, ...options], env, [], afterUse);
    await program.until(() => program.output.includes('stop with Ctrl-C\n'));
    return new Server(program);
  }

  get ports() {
    const port = (name: string) =>
      Number(new RegExp(`${name} on .*:(\\d+)\n`).exec(this.program.output)?.[1]);
    return { socket: port('sockets'), grpc: port('gRPC') };
  }

  address(transport: TransportName): string {
    return `127.0.0.1:${this.ports[transport]}`;
  }

  /** Returns the number of operations of this kind that were answered. */
  answered(operation: string): number {
    return this.program.errorOutput.split(`"operation":"${operation}"`).length - 1;
  }

  /**
   * Resolves when so many searches were answered. In a closed loop of three connections the load has
   * the responses to all but the last three: it asks no more on a connection that owes it one.
   */
  answers(searches: number): Promise<void> {
    return this.program.until(() => this.answered('search') >= searches);
  }

  /** The accounts of a load that are still there. */
  async namesOf({ accounts }: LoadReport): Promise<readonly string[]> {
    const client = await connectSocketClient({ host: '127.0.0.1', port: this.ports.socket });
    const found = await client.search(`${accounts.prefix}*`);
    await client.close();
    return 'usernames' in found ? found.usernames : [];
  }
}

/** Expects a load without errors whose figures fit together. */
function expectWhole(report: LoadReport): void {
  const { operations, statuses, seconds, latency, connects, accounts } = report;
  const { answered } = operations;
  expect(operations).toMatchObject({ refused: 0, failed: 0, due: answered });
  expect(answered).toBeGreaterThan(0);
  expect(sum(statuses.map(({ count }) => count))).toBe(answered);
  expect(statuses.map(({ status }) => status)).toEqual([Status.found, Status.delivered]);
  expect(sum(seconds.map((second) => second.answered))).toBe(answered);
  const [all, actual, searches, sends] = latency.map(({ count }) => count);
  expect([all, actual, (searches ?? 0) + (sends ?? 0)]).toEqual([answered, answered, answered]);
  expect(connects).toEqual({ succeeded: 3, failed: 0 });
  expect(accounts).toMatchObject({ registered: 3, deleted: 3, leftBehind: 0, reason: null });
  expect(report.ok).toBe(true);
}

function loadOn(address: string, ...options: readonly string[]): Program {
  return new Program([bench, 'load', address, ...options]);
}

function loadOverTls(transport: TransportName, fingerprint: string, ...options: readonly string[]) {
  const address = secured.server.address(transport);
  return loadOn(address, ...short, ...options, '--tls-fingerprint', fingerprint, '--json', '-');
}

function fileInScratch(
  name: string,
  afterUse: (end: () => Promise<void>) => void = onTestFinished,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-load-'));
  afterUse(() => rm(directory, { recursive: true }));
  return join(directory, name);
}

function readReport(text: string): LoadReport {
  return loadReportSchema.parse(JSON.parse(text));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
