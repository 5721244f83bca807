import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerTls } from '@tandem/tls/server';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from '../fixture.ts';

const python = '/usr/bin/python3';
const hasGrpc = spawnSync(python, ['-c', 'import grpc']).status === 0;

/** Plays the op suite against a server. Resolves with what it printed. */
function play(port: number, ...files: readonly string[]): Promise<string> {
  return run('op_suite.py', port, ...files);
}

async function run(script: string, port: number, ...files: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const arguments_ = [path, `localhost:${port}`, ...files];
  const { stdout } = await promisify(execFile)(python, arguments_);
  return stdout;
}

describe.skipIf(!hasGrpc)(
  hasGrpc ? "Python's gRPC" : "Python's gRPC: needs Debian's python3-grpcio",
  () => {
    it('plays the op suite of 2023', async () => {
      const { server } = await startStage();
      const said = await play(server.port);
      expect(said).toContain("foo hears: ('foo', 'Hello, foo!')");
      expect(said.trim().split('\n').at(-1)).toBe(
        'logout without a session: StatusCode.UNAUTHENTICATED',
      );
    });

    it('has secrets, and goes on with a session on another connection', async ({ skip }) => {
      const { server, service } = await startStage({ sessionsByConnection: false });
      if (!service.secrets.areTaken) skip('this Node.js has no Argon2id');
      const said = await run('identity_suite.py', server.port);
      expect(said.trim().split('\n').at(-1)).toBe('delete: 48');
    });

    it('plays it over TLS, with an authority and a certificate of its own', async () => {
      const authority = await TestAuthority.make();
      const [own, client] = await Promise.all([
        authority.issue(),
        authority.issue({ use: 'client' }),
      ]);
      const { ca, ...files } = filesOf({
        ca: authority.cert,
        cert: own.cert,
        key: own.key,
        clientCert: client.cert,
        clientKey: client.key,
      });
      const server = { certFile: files.cert, keyFile: files.key, caFile: ca };
      for (const [clientCertificates, shown] of [
        ['off', []],
        ['required', [files.clientCert, files.clientKey]],
      ] as const) {
        const tls = await ServerTls.open({ ...server, mode: 'required', clientCertificates });
        const stage = await startStage({ tls });
        expect(await play(stage.server.port, ca, ...shown)).toContain('StatusCode.UNAUTHENTICATED');
      }
      const tls = await ServerTls.open({
        ...server,
        mode: 'required',
        clientCertificates: 'required',
      });
      const { server: strict, logged } = await startStage({ tls });
      const refused = await play(strict.port, ca).catch(({ stderr }) => String(stderr));
      expect(refused).toContain('StatusCode.UNAVAILABLE');
      await expect.poll(() => logged.join('')).toContain('the client has no certificate');
    });

    it.each<[string, { names?: string[]; days?: number; isOther?: boolean }, string[]]>([
      // It looks at the name when TLS is agreed on, and tells the server nothing.
      ['another name', { names: ['chat.example.org'] }, []],
      ['expired', { days: -1 }, ['left']],
      ['another authority', { isOther: true }, ['left']],
    ])('refuses a certificate, and says why: %s', async (_, options, kinds) => {
      const { isOther = false, ...leaf } = options;
      const [authority, other] = await Promise.all([
        TestAuthority.make(),
        TestAuthority.make('Other'),
      ]);
      const own = await authority.issue(leaf);
      const files = filesOf({ ...own, ca: (isOther ? other : authority).cert });
      const tls = await ServerTls.open({
        certFile: files.cert,
        keyFile: files.key,
        caFile: undefined,
        mode: 'required',
        clientCertificates: 'off',
      });
      const { server } = await startStage({ tls });
      const refused = await play(server.port, files.ca).catch(({ stderr }) => String(stderr));
      expect(refused).toContain('StatusCode.UNAVAILABLE');
      expect(refused).toMatch(/certificate|peer|hostname|ssl/i);
      const failed = () =>
        Object.entries(tls.handshakes.grpc.failed).flatMap(([kind, count]) =>
          count > 0 ? [kind] : [],
        );
      await expect.poll(failed).toEqual(kinds);
    });
  },
);
