import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ChatService, MemoryStore } from '@tandem/chat';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  AuditLog,
  Bans,
  type CommandTargets,
  type OperatorServer,
  type OperatorServerOptions,
  startOperatorPort,
  startOperatorSocket,
} from '../src/index.ts';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

/** Asks by a port or a socket. */
function ask(place: { port: number } | { socketPath: string }, path: string, asked: Asked = {}) {
  const { method = 'GET', body } = asked;
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { authorization: 'Bearer a-token-of-16-chars' };
  const asking = request({ host: '127.0.0.1', ...place, path, method, headers });
  asking.on('error', reject);
  asking.on('response', (response) => {
    text(response).then(
      (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
      reject,
    );
  });
  asking.end(body);
  return promise;
}

/** The options of a way in, to a server in which nobody is. */
async function operated(directory: string, changed: Partial<OperatorServerOptions> = {}) {
  const service = await ChatService.open({ store: new MemoryStore() });
  onTestFinished(() => service.close());
  const targets: CommandTargets = {
    administration: service.administration,
    bans: Bans.open(),
    closeNetwork: () => 0,
    stats: () => ({ accounts: service.accountCount }),
    logLevel: 'info',
    logLevels: ['debug', 'info'],
  };
  const options: OperatorServerOptions = {
    registry: async () => new Registry(),
    state: () => 'serving',
    targets: () => targets,
    audit: new AuditLog(join(directory, 'audit.log'), () => {}),
    token: 'a-token-of-16-chars',
    onFault: (error) => {
      throw error;
    },
    ...changed,
  };
  return { service, options };
}

async function stopped(server: OperatorServer): Promise<OperatorServer> {
  onTestFinished(() => server.stop());
  return server;
}

const post = (body?: string): Asked =>
  body === undefined ? { method: 'POST' } : { method: 'POST', body };

describe('the port of an operator', () => {
  it('is ready while everybody is served, and not before and after', async () => {
    let state: ReturnType<OperatorServerOptions['state']> = 'starting';
    const { options } = await operated(newDirectory(), {
      state: () => state,
      targets: () => undefined,
    });
    const port = await stopped(await startOperatorPort(0, options));
    expect(await ask(port, '/readyz')).toEqual({ status: 503, body: 'starting\n' });
    expect(await ask(port, '/livez')).toMatchObject({ status: 200 });
    expect(await ask(port, '/admin/stats', post())).toMatchObject({
      status: 503,
      body: expect.stringContaining('is starting'),
    });
    state = 'serving';
    expect(await ask(port, '/readyz')).toEqual({ status: 200, body: 'serving\n' });
    state = 'stopping';
    expect(await ask(port, '/readyz')).toEqual({ status: 503, body: 'stopping\n' });
  });

  it('takes arguments of 16 KiB that are an object in JSON, and no others', async () => {
    const { options } = await operated(newDirectory());
    const port = await stopped(await startOperatorPort(0, options));
    const bytes = (count: number) => `{"query":"*"${' '.repeat(count - 13)}}`;
    expect(await ask(port, '/admin/users', post(bytes(16_384)))).toMatchObject({ status: 200 });
    for (const body of [bytes(16_385), '[]', 'null', '"*"', '{', '\u0000']) {
      expect(await ask(port, '/admin/users', post(body))).toMatchObject({ status: 400 });
    }
  });

  it('has a look at the level of the log in the audit log as a look, and not as a change', async () => {
    const directory = newDirectory();
    const { options } = await operated(directory);
    const port = await stopped(await startOperatorPort(0, options));
    await ask(port, '/admin/log-level', post());
    await ask(port, '/admin/log-level', post('{"level":"debug"}'));
    const entries = readFileSync(join(directory, 'audit.log'), 'utf8').trimEnd().split('\n');
    expect(entries.map((line) => JSON.parse(line).outcome)).toEqual(['done', 'begun', 'done']);
  });

  it('changes nothing while the audit log is a pipe that nobody reads', async () => {
    const directory = newDirectory();
    execFileSync('mkfifo', [join(directory, 'audit.log')]);
    const { options, service } = await operated(directory);
    const port = await stopped(await startOperatorPort(0, options));
    expect(await ask(port, '/admin/create', post('{"name":"ann"}'))).toMatchObject({
      status: 503,
      body: expect.stringContaining('Nothing was done'),
    });
    expect(service.accountCount).toBe(0);
  });
});

describe('the socket of an operator', () => {
  it('replaces the one of a server that was killed', async () => {
    const directory = newDirectory();
    const socketPath = join(directory, 'admin.sock');
    const { options } = await operated(directory);
    // As a kill leaves it: a name, and nobody who listens.
    const left = createServer();
    await new Promise<void>((resolve) => left.listen(`${socketPath}.made`, resolve));
    renameSync(`${socketPath}.made`, socketPath);
    await new Promise((resolve) => left.close(resolve));
    expect(existsSync(socketPath)).toBe(true);
    await stopped(await startOperatorSocket(socketPath, options));
    expect(await ask({ socketPath }, '/livez')).toMatchObject({ status: 200 });
  });

  it('leaves alone what is no socket, and says so', async () => {
    const directory = newDirectory();
    const socketPath = join(directory, 'admin.sock');
    writeFileSync(socketPath, 'mine');
    const { options } = await operated(directory);
    await expect(startOperatorSocket(socketPath, options)).rejects.toThrow('is no socket');
    expect(readFileSync(socketPath, 'utf8')).toBe('mine');
  });

  it('is gone when it stops, but for one of another server that has its name by then', async () => {
    const directory = join(newDirectory(), 'data');
    const socketPath = join(directory, 'admin.sock');
    mkdirSync(directory);
    const { options } = await operated(directory);
    const first = await startOperatorSocket(socketPath, options);
    // Somebody has replaced the directory, and another server serves in the new one.
    renameSync(directory, `${directory}-before`);
    mkdirSync(directory);
    const second = await startOperatorSocket(socketPath, options);
    await first.stop();
    expect(await ask({ socketPath }, '/livez')).toMatchObject({ status: 200 });
    await second.stop();
    expect(existsSync(socketPath)).toBe(false);
  });
});
