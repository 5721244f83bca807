import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serveCommand } from '../serve/options/serve-command.ts';
import type { ServeOptions } from '../serve/options/serve-options.ts';
import { configSchema } from './config-schema.ts';

function configOf(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'tandem.json');
  writeFileSync(path, text);
  return path;
}

async function serve(...line: readonly string[]) {
  const action = vi.fn(async (_options: ServeOptions) => {});
  let said = '';
  const command = serveCommand(action)
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
  await command.parseAsync(line, { from: 'user' }).catch(() => {});
  return { options: action.mock.calls[0]?.[0], said };
}

const whole = { 'socket-port': 5000, 'log-level': 'debug', host: '::1', 'connections-max': 7 };

it('takes options from a file, of which a variable and the line win', async () => {
  const path = configOf(JSON.stringify({ $schema: 'tandem.schema.json', ...whole }));
  vi.stubEnv('TANDEM_LOG_LEVEL', 'warn');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { options } = await serve('--config', path, '--host', '127.0.0.1');
  expect(options).toMatchObject({
    socketPort: 5000,
    logLevel: 'warn',
    host: '127.0.0.1',
    connectionsMax: 7,
    connectionsMaxSaid: true,
  });
});

it('reads a file that Windows has begun with a byte order mark', async () => {
  const { options } = await serve('--config', configOf('\uFEFF{ "socket-port": 5001 }'));
  expect(options).toMatchObject({ socketPort: 5001 });
});

it.each([
  ['{', 'is not JSON'],
  ['', 'is not JSON'],
  ['[]', 'has to be an object'],
  ['null', 'has to be an object'],
  [
    '{ "soket-port": 1 }',
    '"soket-port" is not an option of tandem serve; did you mean "socket-port"?',
  ],
  ['{ "--socket-port": 1 }', 'did you mean "socket-port"?'],
  ['{ "socketPort": 1 }', '"socketPort" is not an option'],
  ['{ "port": 1 }', '"port" is not an option of tandem serve; tandem serve --help names all'],
  ['{ "config": "x" }', '"config" can only be on the command line'],
  ['{ "socket-port": "5000" }', '"socket-port" is "5000". It takes a number.'],
  ['{ "socket-port": 1.5 }', '"socket-port" is 1.5. It takes a whole number from 0 to 65535.'],
  ['{ "socket-port": 65536 }', 'It takes a whole number from 0 to 65535.'],
  ['{ "socket-port": null }', '"socket-port" is null. It takes a number.'],
  ['{ "host": 5 }', '"host" is 5. It takes a string.'],
  ['{ "host": "" }', 'It takes a name or an address'],
  ['{ "log-level": "loud" }', 'Allowed choices are'],
  ['{ "\\u001b[2J": 1 }', '"\\u{1b}[2J" is not an option'],
  ['{ "socket-port": 5, "grpc-port": 5 }', 'each transport needs a port of its own'],
])('refuses %s, saying that it %s', async (text, reason) => {
  const { options, said } = await serve('--config', configOf(text));
  expect(options).toBeUndefined();
  expect(said).toContain(reason);
});

it('refuses a file that is not there', async () => {
  const { options, said } = await serve('--config', '/no/such.json');
  expect(options).toBeUndefined();
  expect(said).toContain('/no/such.json cannot be read: ENOENT');
});

it('refuses a file without an end', async () => {
  const { options, said } = await serve('--config', '/dev/zero');
  expect(options).toBeUndefined();
  expect(said).toContain('/dev/zero cannot be read: it has more than 1048576 bytes');
});

it('shows nothing of a value whose name is unknown, which may be a secret', async () => {
  const { said } = await serve('--config', configOf('{ "admin-token": "0123456789abcdef" }'));
  expect(said).toContain('did you mean "admin-token-file"?');
  expect(said).not.toContain('0123456789abcdef');
});

it('has the variables that the unit with TLS sets', () => {
  const path = new URL('../../../../docs/operations/tandem-tls.conf', import.meta.url);
  const set = readFileSync(path, 'utf8').matchAll(/^#?Environment=(\w+)=%d\/(\S+)$/gm);
  const loaded = readFileSync(path, 'utf8').matchAll(/^#?LoadCredential=([^:]+):\//gm);
  const [variables, files] = [[] as string[], [] as string[]];
  for (const [, variable = '', file = ''] of set) {
    variables.push(variable);
    files.push(file);
  }
  expect(variables).toHaveLength(3);
  expect(Array.from(loaded, ([, name]) => name)).toEqual(files);
  const known = serveCommand(async () => {}).options.map(({ envVar }) => envVar);
  expect(known).toEqual(expect.arrayContaining(variables));
});

/** Returns what a server with these options prints in place of serving. */
async function printed(...line: readonly string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => written.mockRestore());
  const { options } = await serve(...line, '--print-config');
  expect(options).toBeUndefined();
  return written.mock.calls.map(([text]) => text).join('');
}

it('prints what holds and where it comes from, and does not serve', async () => {
  const path = configOf(JSON.stringify(whole));
  vi.stubEnv('TANDEM_LOG_LEVEL', 'warn');
  onTestFinished(() => void vi.unstubAllEnvs());
  const said = await printed('--config', path, '--host', 'localhost');
  expect(said).toMatch(/^socket-port +5000 +.*tandem\.json$/m);
  expect(said).toMatch(/^log-level +warn +TANDEM_LOG_LEVEL$/m);
  expect(said).toMatch(/^host +localhost +--host$/m);
  expect(said).toMatch(/^grpc-port +22068 +default$/m);
});

it.each([
  [[], 'off', 'open', 'on'],
  [['--host', '0.0.0.0'], 'off', 'protected', 'off'],
  [['--tls-cert', 'x'], 'required', 'open', 'on'],
])('prints the values of options that others decide: %j', async (line, tls, accounts, known) => {
  const said = await printed(...line);
  expect(said).toMatch(new RegExp(`^tls +${tls} +default$`, 'm'));
  expect(said).toMatch(new RegExp(`^accounts +${accounts} +default$`, 'm'));
  expect(said).toMatch(new RegExp(`^grpc-sessions-by-connection +${known} +default$`, 'm'));
});

it('takes the example that there is', async () => {
  const path = new URL('../../../../docs/operations/tandem.json', import.meta.url);
  expect(await serve('--config', fileURLToPath(path))).toMatchObject({
    options: { accounts: 'protected', adminPort: 9464 },
    said: '',
  });
});

it('has a schema for editors that is that of the options', () => {
  const path = new URL('../../../../docs/operations/tandem.schema.json', import.meta.url);
  const written: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const schema = configSchema(serveCommand(async () => {}));
  expect(written, 'run pnpm generate').toEqual(JSON.parse(JSON.stringify(schema)));
});
