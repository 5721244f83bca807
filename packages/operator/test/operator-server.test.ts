import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as immediate } from 'node:timers/promises';
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
  readonly token?: string;
}

/** Asks by a port or a socket. */
function ask(place: { port: number } | { socketPath: string }, path: string, asked: Asked = {}) {
  const { method = 'GET', body, token = 'a-token-of-16-chars' } = asked;
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { authorization: `Bearer ${token}` };
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
    cluster: undefined,
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
    onWrongToken: () => {
      throw new Error('a wrong token');
    },
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

// The server says that it reads the arguments.
const headOfLongRequest = [
  'POST /admin/users HTTP/1.1',
  'Host: localhost',
  'Authorization: Bearer a-token-of-16-chars',
  'Content-Length: 100',
  'Expect: 100-continue',
  '\r\n',
].join('\r\n');

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

  it('answers when arguments are far too large, and is not upset by whoever leaves within theirs', async () => {
    const { options } = await operated(newDirectory());
    const port = await startOperatorPort(0, options);
    const large = post(`{"query":"${'x'.repeat(4_000_000)}"}`);
    expect(await ask(port, '/admin/users', large)).toMatchObject({
      status: 400,
      body: expect.stringContaining('16384 bytes'),
    });
    const leaving = connect(port.port, '127.0.0.1');
    leaving.write(`${headOfLongRequest}{`);
    // It has begun to read the arguments.
    await once(leaving, 'data');
    leaving.destroy();
    await port.stop();
    await immediate();
  });

  it('has eight connections at once, closes others while all of them ask, and has a place again', async () => {
    const { options } = await operated(newDirectory());
    const port = await stopped(await startOperatorPort(0, options));
    const held: Socket[] = [];
    const hold = async () => {
      const socket = connect(port.port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      held.push(socket);
      socket.write(`${headOfLongRequest}{`);
      // It has begun to read the arguments.
      await once(socket, 'data');
    };
    while (held.length < 7) await hold();
    const silent = connect(port.port, '127.0.0.1').resume();
    onTestFinished(() => void silent.destroy());
    await once(silent, 'connect');
    await Promise.all([hold(), once(silent, 'close')]);
    await expect(ask(port, '/livez')).rejects.toThrow();
    held[0]?.destroy();
    await expect
      .poll(() => ask(port, '/livez').catch(() => 'closed'))
      .toMatchObject({ status: 200 });
  });

  it('closes the oldest connection that asks for nothing rather than a new one', async () => {
    const { options } = await operated(newDirectory());
    const port = await stopped(await startOperatorPort(0, options));
    const silent: Socket[] = [];
    for (let i = 0; i < 20; i++) {
      const socket = connect(port.port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      silent.push(socket.resume());
      await once(socket, 'connect');
      expect(await ask(port, '/livez')).toMatchObject({ status: 200 });
    }
    // The last request had the place of one of eight.
    await expect
      .poll(() => silent.map(({ closed }) => closed))
      .toEqual(silent.map((_, i) => i < 13));
  });

  it('tells of each wrong token', async () => {
    let wrong = 0;
    const onWrongToken = () => void wrong++;
    const { options } = await operated(newDirectory(), { onWrongToken });
    const port = await stopped(await startOperatorPort(0, options));
    for (const token of ['', 'a-token-of-16-char', 'another token']) {
      const { status } = await ask(port, '/admin/stats', { method: 'POST', token });
      expect(status).toBe(401);
    }
    expect(await ask(port, '/admin/stats', post())).toMatchObject({ status: 200 });
    expect(wrong).toBe(3);
  });

  it('goes on when a connection cannot be accepted', async () => {
    const faults: unknown[] = [];
    const { options } = await operated(newDirectory(), { onFault: (error) => faults.push(error) });
    const port = await stopped(await startOperatorPort(0, options));
    const accepted = Promise.withResolvers<Server>();
    const onSocket = (message: unknown) => {
      const { server } = (message as { socket: Socket & { server: Server } }).socket;
      const address = server.address();
      if (typeof address === 'object' && address?.port === port.port) accepted.resolve(server);
    };
    subscribe('net.server.socket', onSocket);
    onTestFinished(() => void unsubscribe('net.server.socket', onSocket));
    await ask(port, '/livez');
    // As Node.js tells it.
    const error = new Error('accept ENFILE');
    (await accepted.promise).emit('error', error);
    expect(faults).toEqual([error]);
    expect(await ask(port, '/livez')).toMatchObject({ status: 200 });
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

  it('answers what a command came to, also when the audit log cannot be written any more', async () => {
    const path = join(newDirectory(), 'audit.log');
    const faults: unknown[] = [];
    const breaks = new AuditLog(path, ({ outcome }) => {
      rmSync(path, { recursive: true, force: true });
      if (outcome !== 'begun') mkdirSync(path);
    });
    const { options, service } = await operated(newDirectory(), {
      audit: breaks,
      onFault: (error) => faults.push(error),
    });
    const port = await stopped(await startOperatorPort(0, options));
    expect(await ask(port, '/admin/create', post('{"name":"ann"}'))).toEqual({
      status: 200,
      body: '{"result":{"created":"ann"}}\n',
    });
    expect(service.accountCount).toBe(1);
    expect(await ask(port, '/admin/create', post('{"name":"ann"}'))).toMatchObject({ status: 409 });
    expect(await ask(port, '/admin/stats', post())).toMatchObject({ status: 200 });
    expect(faults.map(String)).toEqual([
      'Error: create is not in the audit log as done',
      'Error: create is not in the audit log as refused',
      'Error: stats is not in the audit log as done',
    ]);
  });

  it('begins a new line in the audit log where an entry was cut short', async () => {
    const directory = newDirectory();
    const path = join(directory, 'audit.log');
    const { options } = await operated(directory);
    const port = await stopped(await startOperatorPort(0, options));
    await ask(port, '/admin/stats', post());
    appendFileSync(path, '{"time":"20');
    await ask(port, '/admin/stats', post());
    await ask(port, '/admin/stats', post());
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 11))).toEqual(Array(4).fill('{"time":"20'));
    expect(lines.map((line) => line.length > 11)).toEqual([true, false, true, true]);
  });

  it('follows no link to an audit log, and opens none with another name', async () => {
    for (const link of [symlinkSync, linkSync]) {
      const directory = newDirectory();
      const other = join(directory, 'other');
      writeFileSync(other, 'mine');
      link(other, join(directory, 'audit.log'));
      const { options } = await operated(directory);
      const port = await stopped(await startOperatorPort(0, options));
      expect(await ask(port, '/admin/create', post('{"name":"ann"}'))).toMatchObject({
        status: 503,
      });
      expect(readFileSync(other, 'utf8')).toBe('mine');
    }
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

  it.each(['admin.sock', 'admin.new'])(
    'leaves alone a %s that is not a socket, and says so',
    async (name) => {
      const directory = newDirectory();
      writeFileSync(join(directory, name), 'mine');
      const { options } = await operated(directory);
      const starting = startOperatorSocket(join(directory, 'admin.sock'), options);
      await expect(starting).rejects.toThrow(`${name} exists, and is not a socket`);
      expect(readFileSync(join(directory, name), 'utf8')).toBe('mine');
    },
  );

  it("is its user's alone from the first moment, and leaves the mask of modes as it was", async () => {
    const directory = newDirectory();
    const { options } = await operated(directory);
    const before = process.umask(0o022);
    onTestFinished(() => void process.umask(before));
    const starting = startOperatorSocket(join(directory, 'admin.sock'), options);
    expect(statSync(join(directory, 'admin.new')).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(0o022);
    await stopped(await starting);
    expect(statSync(join(directory, 'admin.sock')).mode & 0o777).toBe(0o600);
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
