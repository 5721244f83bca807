import { afterEach, expect, it, vi } from 'vitest';
import { type AdminRequest, type AdminServer, adminCommand } from './admin-command.ts';

/** Parses a line; returns which server it asks, or why it is refused. */
async function ask(...line: string[]): Promise<AdminServer | string> {
  const told = Promise.withResolvers<AdminRequest>();
  let said = '';
  const command = adminCommand(async (request) => told.resolve(request))
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
  try {
    await command.parseAsync([...line, 'stats'], { from: 'user' });
  } catch {
    return said;
  }
  return (await told.promise).server;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  [['--data-dir', '/d'], { dataDir: '/d' }],
  [['--admin-port', '7', '--admin-token-file', '/t'], { adminPort: 7, adminTokenFile: '/t' }],
])('asks the server that the line %j names, whatever variables name', async (line, asked) => {
  expect(await ask(...line)).toEqual(asked);
  vi.stubEnv('TANDEM_DATA_DIR', '/other');
  vi.stubEnv('TANDEM_ADMIN_PORT', '8');
  vi.stubEnv('TANDEM_ADMIN_TOKEN_FILE', '/other-token');
  expect(await ask(...line)).toEqual(asked);
});

it('asks the server that variables name, by its port if they name one and a token', async () => {
  vi.stubEnv('TANDEM_DATA_DIR', '/d');
  vi.stubEnv('TANDEM_ADMIN_PORT', '8');
  expect(await ask()).toEqual({ dataDir: '/d' });
  expect(await ask('--admin-port', '7')).toEqual({ adminPort: 7, adminTokenFile: undefined });
  vi.stubEnv('TANDEM_ADMIN_PORT', undefined);
  vi.stubEnv('TANDEM_ADMIN_TOKEN_FILE', '/t');
  expect(await ask()).toEqual({ dataDir: '/d' });
  vi.stubEnv('TANDEM_ADMIN_PORT', '8');
  expect(await ask()).toEqual({ adminPort: 8, adminTokenFile: '/t' });
});

it.each([
  [['--data-dir', '/d', '--admin-port', '7'], /--data-dir names .* --admin-port .*: leave one out/],
  [['--data-dir', '/d', '--admin-token-file', '/t'], /--data-dir names .* --admin-token-file/],
  [['--admin-token-file', '/t'], /--admin-token-file is for a port: add --admin-port/],
])('refuses two ways at once, and half of one: %j', async (line, complaint) => {
  expect(await ask(...line)).toMatch(complaint);
});
