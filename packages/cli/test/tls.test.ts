import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { makeCertificate } from '@tandem/tls/certificate';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { ask, startOperatedServer } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';
import { TerminalProgram } from './terminal-program.ts';

const tandem = new URL('../bin/tandem.js', import.meta.url).pathname;

// Root may read everything, and nobody has to be able to read this repository.
const canRunUnprivileged =
  spawnSync('setpriv', [
    ...['--reuid=65534', '--regid=65534', '--clear-groups'],
    ...[process.execPath, '-e', 'require("node:fs").readFileSync(process.argv[1])', tandem],
  ]).status === 0;

/** Makes a certificate by the command. Returns its files, its text and its fingerprint. */
async function makeByCommand(...names: readonly string[]) {
  const directory = newDirectory();
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const made = await runTandem('certificate', ...names, '--tls-cert', cert, '--tls-key', key);
  expect(made).toMatchObject({ code: 0, errorOutput: '' });
  const fingerprint = /SHA-256 {4}(\S+)/.exec(made.output)?.[1] ?? '';
  return { cert, key, ca: readFileSync(cert), fingerprint, output: made.output };
}

/** Makes a certificate for `localhost`, without the process that the command takes. */
async function makeHere() {
  const { cert, key, fingerprint } = await makeCertificate({ names: ['localhost'], days: 1 });
  return { ...filesOf({ cert, key }), ca: Buffer.from(cert), fingerprint };
}

const tlsOf = ({ cert, key }: { cert: string; key: string }) => [
  '--tls-cert',
  cert,
  '--tls-key',
  key,
];

describe('tandem certificate', () => {
  it('makes a certificate for the names that it is told, and for all to read, but not its key', async () => {
    const { cert, key, output, ca, fingerprint } = await makeByCommand(
      '*.example.org',
      'localhost',
      '::1',
    );
    expect(output).toContain('A certificate for *.example.org, localhost, ::1, until 20');
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(statSync(cert).mode & 0o777).toBe(0o644 & ~process.umask());
    const shown = spawnSync('openssl', ['x509', '-noout', '-ext', 'subjectAltName'], { input: ca });
    expect(String(shown.stdout)).toContain(
      'DNS:*.example.org, DNS:localhost, IP Address:0:0:0:0:0:0:0:1',
    );
  });

  it('replaces nothing, unless it is told to', async () => {
    const { cert, key, ca } = await makeByCommand();
    const again = ['certificate', '--tls-cert', cert, '--tls-key', key];
    expect(await runTandem(...again)).toMatchObject({
      code: 1,
      errorOutput: `${key} exists already; choose another name, or add --force to replace it.\n`,
    });
    expect(readFileSync(cert)).toEqual(ca);
    rmSync(key);
    expect(await runTandem(...again)).toMatchObject({
      code: 1,
      errorOutput: expect.stringContaining(`${cert} exists already`),
    });
    expect(existsSync(key)).toBe(false);
    expect(await runTandem(...again, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(cert)).not.toEqual(ca);
  });

  it.each([
    // To make a device takes the rights of root.
    ...(process.getuid?.() === 0
      ? [['a device', (path: string) => execFileSync('mknod', [path, 'c', '1', '3'])] as const]
      : []),
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a symbolic link', (path: string) => symlinkSync('elsewhere', path)],
    ['a directory', (path: string) => mkdirSync(path)],
  ] as const)('never replaces %s, and makes all or nothing', async (_, make) => {
    const { cert, key } = await makeByCommand();
    const directory = dirname(cert);
    const [odd, before] = [join(directory, 'odd'), readFileSync(key)];
    make(odd);
    const { ino } = lstatSync(odd);
    const names = readdirSync(directory);
    for (const files of [
      ['--tls-cert', odd, '--tls-key', key],
      ['--tls-cert', cert, '--tls-key', odd],
    ]) {
      expect(await runTandem('certificate', ...files, '--force')).toEqual({
        code: 1,
        output: '',
        errorOutput: `${odd} is not a regular file, so nothing replaces it; choose another name.\n`,
      });
    }
    expect(lstatSync(odd).ino).toBe(ino);
    expect(readFileSync(key)).toEqual(before);
    expect(readdirSync(directory)).toEqual(names);
  });

  it('refuses one file for both, whatever links lead there', async () => {
    const directory = newDirectory();
    const link = join(newDirectory(), 'link');
    symlinkSync(directory, link);
    const files = ['--tls-cert', join(directory, 'a.pem'), '--tls-key', join(link, 'a.pem')];
    expect(await runTandem('certificate', ...files, '--force')).toMatchObject({
      code: 64,
      errorOutput: 'The certificate and its key need a file each.\n',
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(['a b', 'http://x', 'x:5', '-', 'fe80::1%eth0', 'a,b', '*'])(
    'refuses %j as a name',
    async (name) => {
      const { code, errorOutput } = await runTandem('certificate', '--', name);
      expect(code).toBe(64);
      expect(errorOutput).toContain('It takes names and addresses');
    },
  );
});

describe('tandem serve with TLS', () => {
  it('says how to come in, and is reached so', async () => {
    const made = await makeByCommand('localhost');
    const serve = await ServeProgram.listening(tlsOf(made));
    expect(serve.output).toContain(`--port ${serve.port} --tls-fingerprint ${made.fingerprint}\n`);
    expect(serve.output).toContain(
      `All clients have to speak TLS; the SHA-256 of the certificate is ${made.fingerprint}\n`,
    );
    const chat = spawn(
      process.execPath,
      [tandem, ...['chat', '--port', `${serve.port}`, '--tls-fingerprint', made.fingerprint]],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    chat.stdin.end('register alice\nlogin alice\nsend alice hi\n');
    expect(await text(chat.stdout)).toContain('alice');
  });

  it('takes up a new certificate on SIGHUP, and keeps the one before when it is broken', async () => {
    const [first, second] = [await makeHere(), await makeHere()];
    const serve = await ServeProgram.listening(tlsOf(first));
    const connect = (ca: Buffer) =>
      connectSocketClient({ host: 'localhost', port: serve.port, tls: { ca } });
    const before = await connect(first.ca);
    copyFileSync(second.key, first.key);
    serve.signal('SIGHUP');
    await serve.until(() => serve.errorOutput.includes('the earlier one stays'));
    await (await connect(first.ca)).close();
    copyFileSync(second.cert, first.cert);
    serve.signal('SIGHUP');
    await serve.until(() => serve.errorOutput.includes('the certificate was loaded'));
    await (await connect(second.ca)).close();
    await expect(connect(first.ca)).rejects.toMatchObject({ code: 'tls-failed' });
    expect(await before.register('alice')).toEqual({ status: 1 });
    await before.close();
    serve.signal('SIGTERM');
    expect(await serve.exited).toEqual([0, null]);
  });

  it('reads its certificate again on SIGHUP at a terminal, and ends when that is closed', async () => {
    const made = await makeHere();
    const log = join(newDirectory(), 'log');
    const serve = ['serve', '--store', 'memory', '--socket-port', '0', '--grpc-port', '0'];
    const terminal = new TerminalProgram({
      file: '/bin/sh',
      args: ['-c', 'exec "$0" "$@" 2>"$LOG"', process.execPath, tandem, ...serve, ...tlsOf(made)],
      environment: { LOG: log, TANDEM_CONNECTIONS_MAX: '1000' },
    });
    onTestFinished(() => terminal.hangUp());
    await terminal.until((lines) => lines.join('').includes('Ctrl-C'));
    process.kill(terminal.pid, 'SIGHUP');
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('the certificate was loaded');
    terminal.hangUp();
    expect(await terminal.exited).toBe(128 + constants.signals.SIGHUP);
  });

  it('takes up a certificate whose files have changed', async () => {
    const [first, second] = [await makeHere(), await makeHere()];
    const serve = await ServeProgram.listening(tlsOf(first));
    copyFileSync(second.key, first.key);
    copyFileSync(second.cert, first.cert);
    await serve.until(() => serve.errorOutput.includes(second.fingerprint));
    const tls = { ca: second.ca };
    await (await connectSocketClient({ host: 'localhost', port: serve.port, tls })).close();
  });

  it('says before it serves which options contradict, or which file cannot be used', async () => {
    const [one, other] = [await makeHere(), await makeHere()];
    const { text: noPem } = filesOf({ text: 'hello' });
    const encrypted = spawnSync('openssl', [
      ...['pkey', '-in', one.key, '-aes256', '-passout', 'pass:secret'],
    ]);
    const { locked } = filesOf({ locked: String(encrypted.stdout) });
    const demand = ['--tls-ca', one.cert, '--tls-client', 'required'];
    const demandInFile = join(newDirectory(), 'tandem.json');
    writeFileSync(demandInFile, JSON.stringify({ 'tls-ca': one.cert, 'tls-client': 'required' }));
    type Case = readonly [args: readonly string[], said: string];
    const contradictions: readonly Case[] = [
      [['--tls', 'required'], 'TLS needs a certificate and its key'],
      [['--tls-cert', one.cert], 'add --tls-cert and --tls-key'],
      [[...tlsOf(one), '--tls-client', 'optional'], '--tls-client needs the authority'],
      [
        ['--tls', 'off', '--tls-client', 'required'],
        'without TLS clients cannot show a certificate',
      ],
      [[...demand, '--tls', 'off'], 'without TLS clients cannot show a certificate'],
      [[...demand, ...tlsOf(one), '--tls', 'optional'], 'get in without a certificate'],
      [demand, 'TLS needs a certificate and its key'],
      [['--config', demandInFile], 'TLS needs a certificate and its key'],
    ];
    const badFiles: readonly Case[] = [
      [tlsOf({ ...one, cert: '/no/such' }), 'TLS cannot be used: there is no /no/such'],
      [tlsOf({ ...one, cert: noPem }), `${noPem} has no certificate in PEM`],
      [tlsOf({ ...one, key: noPem }), `${noPem} has no private key in PEM`],
      [tlsOf({ ...one, key: locked }), 'is encrypted; decrypt it'],
      [tlsOf({ ...one, key: other.key }), 'does not belong to the certificate'],
      [[...tlsOf(one), '--tls-ca', noPem], `${noPem} has no certificate in PEM`],
    ];
    const started = [
      ...contradictions.map((each) => [64, ...each] as const),
      ...badFiles.map((each) => [1, ...each] as const),
    ].map(([code, args, said]) => {
      return { code, said, serve: new ServeProgram(['--socket-port', '0', ...args]) };
    });
    for (const { code, said, serve } of started) {
      expect(await serve.exited, said).toEqual([code, null]);
      expect(serve.errorOutput).toContain(said);
    }
  });

  it.skipIf(!canRunUnprivileged)('says that it may not read its key', async () => {
    const made = await makeByCommand();
    // The directory of a test is its user's alone, too.
    chmodSync(dirname(made.key), 0o755);
    chmodSync(made.key, 0o600);
    const under = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const options = ['--socket-port', '0', ...tlsOf(made)];
    const serve = new ServeProgram(options, { NODE_COMPILE_CACHE: '' }, under);
    expect(await serve.exited).toEqual([1, null]);
    expect(serve.errorOutput).toBe(
      `TLS cannot be used: this user may not read ${made.key}; let the user of the server read it.\n`,
    );
  });

  it('serves with what is odd, and warns of it', async () => {
    const [authority, other] = await Promise.all([
      TestAuthority.make(),
      TestAuthority.make('Other'),
    ]);
    const [expired, early] = await Promise.all([
      authority.issue({ days: -1 }),
      authority.issue({ fromDays: 1 }),
    ]);
    const files = filesOf({
      cert: expired.cert + other.cert,
      key: expired.key,
      earlyCert: early.cert,
      earlyKey: early.key,
      ca: expired.cert,
    });
    chmodSync(files.key, 0o644);
    const config = join(dirname(files.key), 'tandem.json');
    writeFileSync(config, JSON.stringify({ 'tls-cert': files.cert, 'tls-key': files.key }));
    chmodSync(config, 0o666);
    const clients = ['--tls-ca', files.ca, '--tls-client', 'optional'];
    const odd = await ServeProgram.listening(['--config', config, ...clients]);
    const notYet = await ServeProgram.listening(
      tlsOf({ cert: files.earlyCert, key: files.earlyKey }),
    );
    for (const [serve, said] of [
      [odd, 'the certificate has expired: clients will refuse it'],
      [odd, 'certificate 2 in '],
      [odd, 'any user of this machine may use the key in '],
      [odd, 'is that of an authority, so the server would accept no certificate of a client'],
      [odd, 'an authority in the file of --tls-ca has expired: its clients are refused'],
      [odd, 'other users may change the configuration: chmod go-w'],
      [notYet, 'the certificate is not valid yet: clients will refuse it'],
    ] as const) {
      await serve.until(() => serve.errorOutput.includes(said));
    }
  });

  it('tells the operator of handshakes, and of the certificate', async () => {
    const made = await makeHere();
    const { program, port, admin } = await startOperatedServer(...tlsOf(made));
    const connect = (ca: Buffer) =>
      connectSocketClient({ host: 'localhost', port: program.port, tls: { ca } });
    await (await connect(made.ca)).close();
    await expect(connect((await makeHere()).ca)).rejects.toThrow('this client');
    copyFileSync((await makeHere()).key, made.key);
    await program.until(() => program.errorOutput.includes('the earlier one stays'));
    const { body } = await ask(port, '/metrics');
    const expiry = /_expiry_timestamp_seconds\{certificate="server"\} (\d+)\n/.exec(body)?.[1];
    expect(Number(expiry) * 1_000).toBe(new X509Certificate(made.ca).validToDate.getTime());
    expect(body).toContain(
      'tandem_tls_handshakes_total{version="1.3",resumed="false",transport="socket"} 1\n',
    );
    expect(body).toMatch(
      /_failed_total\{reason="(left|unknown_authority)",transport="socket"\} 1\n/,
    );
    expect(body).toContain('tandem_tls_certificate_last_reload_successful 0\n');
    const { output } = await admin('stats');
    expect(output).toContain('tls.handshakes: 1\ntls.failedHandshakes: 1\n');
    expect(output).toContain('tls.lastReload: failed\n');
  });

  it('warns when others can reach it and nothing is encrypted', async () => {
    const serve = await ServeProgram.listening(['--host', '0.0.0.0']);
    await serve.until(() => serve.errorOutput.includes('nothing is encrypted'));
    // Nobody makes an account without a secret there.
    const client = await connectSocketClient({ host: '127.0.0.1', port: serve.port });
    expect(await client.register('alice')).toEqual({ status: Status.notLoggedIn });
    await client.close();
    const made = await makeHere();
    const secure = await ServeProgram.listening(['--host', '0.0.0.0', ...tlsOf(made)]);
    await secure.until(() => secure.errorOutput.includes('"serving"'));
    expect(secure.errorOutput).not.toContain('nothing is encrypted');
  });
});
