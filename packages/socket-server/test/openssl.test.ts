import { spawn, spawnSync } from 'node:child_process';
import { ServerTls } from '@tandem/tls/server';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startStage } from './fixture.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A server with TLS, and `openssl s_client` for it. */
async function start(
  clientCertificates: 'off' | 'required' = 'off',
  dates: { readonly days?: number; readonly fromDays?: number } = {},
) {
  const authority = await TestAuthority.make();
  const [own, client] = await Promise.all([
    authority.issue(dates),
    authority.issue({ use: 'client' }),
  ]);
  const files = filesOf({
    ca: authority.cert,
    cert: own.cert,
    key: own.key,
    clientCert: client.cert,
    clientKey: client.key,
  });
  const tls = await ServerTls.open({
    certFile: files.cert,
    keyFile: files.key,
    caFile: files.ca,
    mode: 'required',
    clientCertificates,
  });
  const stage = await startStage({ tls, logLevel: 'debug' });
  const connect = (...args: readonly string[]) => {
    const child = spawn('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${stage.server.port}`, '-CAfile', files.ca],
      ...args,
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin.on('error', () => {});
    let [said, told] = [Buffer.alloc(0), ''];
    child.stdout.on('data', (chunk: Buffer) => {
      said = Buffer.concat([said, chunk]);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk;
    });
    return {
      write: (bytes: string) => child.stdin.write(Buffer.from(bytes, 'latin1')),
      end: () => child.stdin.end(),
      exited: new Promise<number | null>((resolve) => child.on('close', resolve)),
      get said() {
        return said.toString('latin1');
      },
      get told() {
        return told;
      },
    };
  };
  return { ...stage, stage, connect, files };
}

describe.skipIf(!hasOpenssl)('openssl s_client', () => {
  it.each([[['-alpn', 'tandem/1']], [[]]])(
    'speaks the framed dialect over TLS, by name or without (%j)',
    async (args) => {
      const { connect } = await start();
      const client = connect('-quiet', '-no_ign_eof', '-verify_return_error', ...args);
      client.write('\x81\x01\x00\x05alice\x02\x00\x05alice\x05\x00\x05alice');
      while (!client.said.includes('\x28')) await new Promise((resolve) => setImmediate(resolve));
      expect(client.said).toBe('\x81\x01\x08\x28');
      client.end();
      expect(await client.exited).toBe(0);
    },
  );

  it('speaks the dialect of 2023 over TLS', async () => {
    const { connect } = await start();
    const client = connect('-quiet');
    client.write('\x01alice');
    while (client.said === '') await new Promise((resolve) => setImmediate(resolve));
    expect(client.said).toBe('\x01');
  });

  it('is let in with its certificate, and told that it needs one', async () => {
    const { connect, files, stage } = await start('required');
    const known = connect('-quiet', '-cert', files.clientCert, '-key', files.clientKey);
    known.write('\x81');
    while (known.said === '') await new Promise((resolve) => setImmediate(resolve));
    expect(known.said).toBe('\x81');
    const unknown = connect('-quiet');
    await unknown.exited;
    expect(unknown.told).toContain('alert certificate required');
    const closed = (await stage.untilLogged('connection closed')).map(({ reason }) => reason);
    expect(closed).toContain('the client has no certificate');
  });

  it.each([
    [['-tls1_1'], /no protocols available|protocol version/, /TLS 1\.1 or older|left/],
    [['-tls1_2', '-cipher', 'AES128-SHA'], /handshake failure/, /no cipher/],
    [['-alpn', 'http/1.1'], /no application protocol/, /another protocol over TLS/],
  ])('is refused with %j, and both sides say why', async (args, told, logged) => {
    const { connect, stage } = await start();
    const client = connect('-quiet', ...args);
    await client.exited;
    expect(client.told).toMatch(told);
    if (/no protocols/.test(client.told)) return;
    const [closed] = await stage.untilLogged('connection closed');
    expect(closed?.reason).toMatch(logged);
  });

  it.each([
    ['another authority', {}, ['-CAfile', 'another'], 'unknownAuthority', 'self-signed|issuer'],
    ['it has expired', { days: -1 }, [], 'expired', 'certificate has expired'],
    ['it is not valid yet', { fromDays: 1 }, [], 'badCertificate', 'certificate is not yet valid'],
    ['another name', {}, ['-verify_hostname', 'x.example'], 'badCertificate', 'hostname mismatch'],
  ] as const)(
    'that refuses the certificate is told of in the log: %s',
    async (_, dates, args, kind, told) => {
      const { connect, stage } = await start('off', dates);
      const { another } = filesOf({ another: (await TestAuthority.make('Another')).cert });
      const client = connect(
        ...['-quiet', '-verify_return_error'],
        ...args.map((each) => (each === 'another' ? another : each)),
      );
      await client.exited;
      expect(client.told).toMatch(new RegExp(told));
      const [warned] = await stage.untilLogged('clients refuse the certificate of this server');
      expect(warned).toMatchObject({ [kind]: 1 });
    },
  );

  it('cannot make the server shake hands again', async () => {
    const { connect } = await start();
    const client = connect('-tls1_2');
    while (!client.said.includes('Verify return code')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.write('R\n');
    await client.exited;
    expect(client.told).toMatch(/no renegotiation/i);
  });

  it('is cut when it makes new keys again and again', async () => {
    const { connect, stage } = await start();
    const client = connect('-tls1_3');
    while (!client.said.includes('Verify return code')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // It makes new keys once for each read of its input.
    client.write('K\n'.repeat(10_000_000));
    await client.exited;
    const [closed] = await stage.untilLogged('connection closed');
    expect(closed?.reason).toBe('it floods TLS with records that say nothing');
  });
});
