import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serveCommand } from './serve-command.ts';

it.each([
  [['--socket-port', '5000', '--grpc-port', '5000'], false],
  [['--socket-port', '22068'], false],
  [['--socket-port', '0', '--grpc-port', '0'], true],
  [['--socket-port', '22068', '--transport', 'socket'], true],
])('takes %j: %s, as two transports cannot share a port', async (line, taken) => {
  const action = vi.fn(async () => {});
  const command = serveCommand(action)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const parsed = command.parseAsync(line, { from: 'user' });
  if (taken) await parsed;
  else await expect(parsed).rejects.toThrow('each transport needs a port of its own');
  expect(action).toHaveBeenCalledTimes(taken ? 1 : 0);
});

it.each([
  [
    ['--store', 'memory', '--data-dir', 'x', '--data-bytes-max', '70000'],
    ['--data-dir', '--data-bytes-max'],
  ],
  [['--transport', 'grpc', '--socket-port', '1'], ['--socket-port']],
  [
    ['--transport', 'socket', '--grpc-port', '1', '--grpc-calls-max=9'],
    ['--grpc-port', '--grpc-calls-max'],
  ],
  [['--store', 'sqlite', '--data-dir', 'x', '--grpc-port', '1'], []],
  [['--transport', 'socket'], ['TANDEM_GRPC_CALLS_MAX']],
  [['--tls-cert', 'x', '--tls', 'off'], ['--tls-cert']],
  [['--tls-cert', 'x', '--tls-ca', 'y'], ['--tls-ca']],
  [['--tls-cert', 'x', '--tls-ca', 'y', '--tls-client', 'optional'], []],
  [['--store', 'sqlite', '--postgres-url', 'postgres://h/d'], ['--postgres-url']],
  [['--store', 'postgres', '--postgres-url', 'postgres://h/d', '--data-dir', 'x'], ['--data-dir']],
  [
    ['--store', 'postgres', '--postgres-url', 'postgres://h/d', '--stored-bytes-per-user', '2000'],
    [],
  ],
  [['--admin-token-file', 'x'], ['--admin-token-file']],
  [['--admin-token-file', 'x', '--admin-port', '0'], []],
])('tells which of %j have no effect', async (line, expected) => {
  vi.stubEnv('TANDEM_GRPC_CALLS_MAX', '7');
  const action = vi.fn(async () => {});
  await serveCommand(action).parseAsync(line, { from: 'user' });
  vi.unstubAllEnvs();
  expect(action).toHaveBeenCalledWith(expect.objectContaining({ withoutEffect: expected }));
});

it('tells which of a file have no effect, and of variables', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  vi.stubEnv('TANDEM_ADMIN_TOKEN_FILE', '/token');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'tandem.json');
  writeFileSync(path, '{ "tls": "off", "tls-cert": "cert.pem", "tls-key": "key.pem" }');
  const action = vi.fn(async () => {});
  await serveCommand(action).parseAsync(['--config', path], { from: 'user' });
  const withoutEffect = [
    '"tls-cert" of the file',
    '"tls-key" of the file',
    'TANDEM_ADMIN_TOKEN_FILE',
  ];
  expect(action).toHaveBeenCalledWith(expect.objectContaining({ withoutEffect }));
});

it.each([
  [[], 'off'],
  [['--tls-cert', 'x'], 'required'],
  [['--tls-key', 'x'], 'required'],
  [['--tls-ca', 'x'], 'required'],
  [['--tls-client', 'optional'], 'required'],
  [['--tls-client', 'required'], 'required'],
  [['--tls-client', 'off'], 'off'],
  [['--tls-cert', 'x', '--tls', 'optional'], 'optional'],
])('takes %j for --tls %s', async (line, tls) => {
  const action = vi.fn(async () => {});
  await serveCommand(action).parseAsync(line, { from: 'user' });
  expect(action).toHaveBeenCalledWith(expect.objectContaining({ tls }));
});

it.each([
  ['postgres://tandem:s3cret@h/d', 'It takes no password'],
  ['postgres://tandem@h/d?password=s3cret', 'It takes no password'],
  ['postgres://tandem:s3cret@h:1,i:2/d', 'It takes a URL, as in postgres://'],
  ['postgres://tandem:s3cret@h,i/d', 'with one host'],
  ['mysql://tandem:s3cret@h/d', 'It takes a URL'],
  ['tandem:s3cret@h', 'It takes a URL'],
  ['postgres://h/d?passfile=s3cret', 'Its parameters are host'],
  ['postgres://h/d?sslmode=require&user=s3cret', 'Its sslmode is one of'],
])('refuses the address of PostgreSQL %s without what it has', async (url, complaint) => {
  const errors: string[] = [];
  const parse = (line: readonly string[]) =>
    serveCommand(async () => {})
      .exitOverride()
      .configureOutput({ writeErr: (text) => errors.push(text) })
      .parseAsync(line, { from: 'user' });
  await expect(parse(['--postgres-url', url])).rejects.toThrow(complaint);
  await expect(parse(['--print-config', `--postgres-url=${url}`])).rejects.toThrow(complaint);
  vi.stubEnv('TANDEM_POSTGRES_URL', url);
  await expect(parse([])).rejects.toThrow(complaint);
  vi.unstubAllEnvs();
  expect(errors).toHaveLength(3);
  expect(errors.join()).not.toContain('s3cret');
});
