import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { ask, startOperatedServer as startServer, token } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';

describe('the port of an operator', () => {
  it('tells how the server is, and what it has done', async () => {
    const { program, port } = await startServer();
    const client = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    await client.register('alice');
    await client.login('alice');
    await client.send('alice', 'hello');
    expect(await ask(port, '/livez')).toEqual({ status: 200, body: 'alive\n' });
    expect(await ask(port, '/readyz')).toEqual({ status: 200, body: 'serving\n' });
    const { body } = await ask(port, '/metrics');
    expect(body).toContain(
      'rpc_server_call_duration_seconds_count{operation="send",transport="socket",code="24"} 1\n',
    );
    for (const line of [
      'tandem_connections{transport="socket"} 1',
      'tandem_sessions 1',
      'tandem_accounts 1',
      'tandem_messages_stored_total 1',
      'tandem_ready 1',
      'tandem_mailbox_messages_count 1',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    expect(body).toMatch(/db_client_operation_duration_seconds_count\{operation="sync"\} [1-9]/);
    expect(body).toMatch(/\nprocess_unix_file_descriptors [1-9]/);
    // What clients choose is in no label.
    expect(body).not.toContain('alice');
    await client.close();
  });

  it('is on 127.0.0.1 alone, and takes no commands without a token', async () => {
    const program = await ServeProgram.listening(['--admin-port', '0', '--host', '0.0.0.0']);
    const port = Number(/"port":(\d+),"msg":"serving the operator"/.exec(program.errorOutput)?.[1]);
    const post = { method: 'POST', headers: { authorization: 'Bearer ' } };
    for (const command of ['stats', 'create', 'no-such']) {
      expect(await ask(port, `/admin/${command}`, post)).toEqual({
        status: 403,
        body: expect.stringContaining('This port takes no commands'),
      });
    }
    expect(await ask(port, '/livez')).toMatchObject({ status: 200 });
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const addresses = ['127.0.0.2', ...others.map(({ address }) => address)];
    for (const address of addresses.filter((each) => each !== '127.0.0.1')) {
      const socket = connect(port, address);
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect([address, error.syscall]).toEqual([address, 'connect']);
    }
  });

  it('answers to names of this machine alone, and takes commands with its token alone', async () => {
    const { program, port, tokenFile } = await startServer();
    const foreign = { headers: { host: `example.org:${port}` } };
    expect(await ask(port, '/metrics', foreign)).toMatchObject({ status: 421 });
    for (const host of ['localhost', `localhost:${port}`, `[::1]:${port}`]) {
      expect(await ask(port, '/livez', { headers: { host } })).toMatchObject({ status: 200 });
    }
    const post = { method: 'POST' };
    expect(await ask(port, '/admin/stats', post)).toMatchObject({ status: 401 });
    const wrong = { ...post, headers: { authorization: 'Bearer 0123456789abcdee' } };
    expect(await ask(port, '/admin/stats', wrong)).toMatchObject({ status: 401 });
    await program.until(() => program.errorOutput.includes('commands came with a wrong token'));
    const right = { headers: { authorization: `Bearer ${token}` } };
    expect(await ask(port, '/admin/stats', { ...post, ...right })).toMatchObject({ status: 200 });
    expect(await ask(port, '/admin/stats', right)).toMatchObject({ status: 405 });
    expect(await ask(port, '/admin/no-such', { ...post, ...right })).toMatchObject({ status: 404 });
    expect(await ask(port, '/', right)).toMatchObject({ status: 404 });
    const ran = await runTandem(
      'admin',
      'stats',
      '--json',
      '--admin-port',
      String(port),
      '--admin-token-file',
      tokenFile,
    );
    expect(JSON.parse(ran.output)).toMatchObject({ state: 'serving' });
  });
});

describe('the token of an operator', () => {
  const serveWith = (token: string, mode: number) => {
    const file = join(newDirectory(), 'token');
    writeFileSync(file, token, { mode });
    return new ServeProgram([
      ...['--socket-port', '0', '--admin-port', '0', '--admin-token-file', file],
    ]);
  };

  it.each([
    'fifteen-letters',
    'words with spaces in them',
    'f\u00fcnfzehn-und-eins',
    '\t'.repeat(16),
  ])('is not %j', async (token) => {
    const program = serveWith(token, 0o600);
    expect(await program.exited).toEqual([1, null]);
    expect(program.errorOutput).toContain('needs 16 or more letters, digits and signs of ASCII');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'may come by a pipe, at which %s ends the start',
    async (signal) => {
      const directory = newDirectory();
      const pipe = join(directory, 'token');
      execFileSync('mkfifo', [pipe]);
      const line = ['--socket-port', '0', '--admin-port', '0', '--admin-token-file', pipe];
      const waiting = new ServeProgram(line);
      // Somebody can write as soon as it reads.
      const writer = await open(pipe, 'w');
      waiting.signal(signal);
      expect(await waiting.exited).toEqual([null, signal]);
      await writer.close();

      const served = new ServeProgram(line);
      await writeFile(pipe, `${token}\n`);
      await served.until(() => served.output.includes('stop with Ctrl-C'));
    },
  );

  it('is warned of when others may read its file', async () => {
    const program = serveWith(token, 0o640);
    await program.until(() => program.errorOutput.includes('others may use the file of the token'));
  });
});

describe('tandem admin', () => {
  it('makes, changes and removes accounts of a server that makes none itself', async () => {
    const { program, directory, admin } = await startServer('--accounts', 'closed');
    const client = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    expect(await client.register('bob')).toEqual({ status: Status.notLoggedIn });
    const created = await admin('create', 'bob', '--json');
    const { secret } = JSON.parse(created.output) as { secret: string };
    expect(await client.login('bob', secret)).toMatchObject({ status: Status.loggedIn });
    expect((await admin('sessions')).output).toMatch(/^bob +127\.0\.0\.1 /m);
    expect((await admin('users', 'b*')).output).toMatch(/^bob +0 +yes +yes$/m);
    expect(await admin('create', 'bob')).toMatchObject({
      code: 1,
      errorOutput: 'There is a user bob already.\n',
    });
    expect(await admin('kick', 'bob')).toMatchObject({ code: 0, output: 'kicked: bob\n' });
    await client.closed;
    const reset = await admin('reset-secret', 'bob', '--json');
    const next = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    expect(await next.login('bob', secret)).toEqual({ status: Status.wrongSecret });
    const { secret: changed } = JSON.parse(reset.output) as { secret: string };
    expect(await next.login('bob', changed)).toMatchObject({ status: Status.loggedIn });
    expect(await admin('delete', 'bob')).toMatchObject({ code: 0 });
    await next.closed;
    const audit = readFileSync(join(directory, 'audit.log'), 'utf8');
    for (const one of [secret, changed]) {
      expect(audit + program.errorOutput).not.toContain(one);
    }
    const entries = audit
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { command: string; outcome: string });
    expect(entries.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
      'create begun',
      'create done',
      'sessions done',
      'users done',
      'create begun',
      'create refused',
      'kick begun',
      'kick done',
      'reset-secret begun',
      'reset-secret done',
      'delete begun',
      'delete done',
    ]);
    for (const file of ['admin.sock', 'audit.log']) {
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('bans a user and an address, also after a restart', async () => {
    const { program, directory, admin } = await startServer();
    const client = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    await client.register('bob');
    await client.login('bob');
    expect((await admin('ban', 'bob', '--json')).output).toContain('"kicked":true');
    await client.closed;
    const again = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    expect(await again.login('bob')).toEqual({ status: Status.notLoggedIn });
    expect((await admin('ban', '127.0.0.1', '--json')).output).toContain('"connectionsClosed":1');
    await again.closed;
    program.signal('SIGTERM');
    await program.exited;
    const next = await ServeProgram.listening(['--store', 'sqlite', '--data-dir', directory]);
    const place = { host: '127.0.0.1', port: next.port, waitForVersion: true };
    await expect(connectSocketClient(place)).rejects.toThrow();
    expect(await admin('unban', '127.0.0.1')).toMatchObject({ code: 0 });
    const back = await connectSocketClient(place);
    expect(await back.login('bob')).toEqual({ status: Status.notLoggedIn });
    await admin('unban', 'bob');
    expect(await back.login('bob')).toMatchObject({ status: Status.loggedIn });
    await back.close();
  });

  it('sets the level of the log, for connections that begin from then on', async () => {
    const { program, admin } = await startServer();
    expect((await admin('log-level')).output).toBe('level: info\n');
    const before = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    await before.register('ann');
    expect((await admin('log-level', 'debug')).output).toBe('level: debug\nbefore: info\n');
    await before.close();
    const after = await connectSocketClient({ host: '127.0.0.1', port: program.port });
    await after.close();
    await program.until(() => program.errorOutput.includes('connection closed'));
    const of = (event: string) => program.log.filter(({ msg }) => msg === event).length;
    expect([of('connection opened'), of('connection closed')]).toEqual([1, 1]);
    expect(await admin('log-level', 'loud')).toMatchObject({
      code: 1,
      errorOutput: expect.stringContaining('one of trace, debug, info'),
    });
  });

  it('changes nothing that it cannot write into the audit log', async () => {
    const { directory, admin } = await startServer();
    symlinkSync('/dev/null', join(directory, 'audit.log'));
    const { code, errorOutput } = await admin('create', 'eve', '--no-secret');
    expect([code, errorOutput]).toEqual([1, expect.stringContaining('Nothing was done')]);
    rmSync(join(directory, 'audit.log'));
    expect((await admin('users')).output).toBe('none\n');
  });

  it('says where no server takes commands', async () => {
    const directory = newDirectory();
    const file = join(directory, 'file');
    writeFileSync(file, '');
    for (const dataDir of [directory, file]) {
      expect(await runTandem('admin', 'stats', '--data-dir', dataDir)).toMatchObject({
        code: 1,
        errorOutput: expect.stringContaining(`No server takes commands at ${dataDir}`),
      });
    }
    expect(await runTandem('admin', 'stats', '--admin-port', '1')).toMatchObject({
      code: 64,
      errorOutput: expect.stringContaining('--admin-token-file'),
    });
  });
});

describe('tandem serve', () => {
  it('does not serve with a list of bans that is of no use, and closes its data', async () => {
    const { program, directory } = await startServer();
    program.signal('SIGTERM');
    await program.exited;
    writeFileSync(join(directory, 'bans.json'), '{ "names": ["a b"], "networks": [] }');
    const next = new ServeProgram([
      ...['--store', 'sqlite', '--data-dir', directory, '--socket-port', '0'],
    ]);
    expect(await next.exited).toEqual([1, null]);
    expect(next.errorOutput).toContain(
      'bans.json has "a b" in "names", which is no username. Correct',
    );
    // Whoever holds the data, or has held it when it crashed.
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
  });

  it('refuses an address that connects too fast, and tells how often', async () => {
    const { program, admin } = await startServer('--new-connections-per-address', '32');
    const place = { host: '127.0.0.1', port: program.port, waitForVersion: true };
    const clients = await Promise.allSettled(
      Array.from({ length: 40 }, () => connectSocketClient(place)),
    );
    const taken = clients.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(taken.length).toBeGreaterThanOrEqual(32);
    expect(JSON.parse((await admin('stats', '--json')).output)).toMatchObject({
      connections: { socket: expect.any(Number) },
      refusedConnections: { socket: { tooFast: expect.any(Number) } },
    });
    const { output } = await admin('stats');
    expect(output).toMatch(/refusedConnections\.socket\.tooFast: [1-9]/);
    await Promise.all(taken.map((client) => client.close()));
  });

  it('serves without a socket where its path is too long, and says so', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const directory = join(root, 'x'.repeat(100));
    const program = await ServeProgram.listening(['--store', 'sqlite', '--data-dir', directory]);
    await program.until(() => program.errorOutput.includes('tandem admin has no socket'));
  });
});
