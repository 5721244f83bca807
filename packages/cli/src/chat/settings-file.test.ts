import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendCommand } from '../once/once-command.ts';
import { type ChatCommandOptions, chatCommand } from './chat-command.ts';
import { settingsFile } from './connection-option.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-settings-'));
  vi.stubEnv('XDG_CONFIG_HOME', directory);
  mkdirSync(dirname(settingsFile(process.env)));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function write(settings: unknown): void {
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
  writeFileSync(settingsFile(process.env), text);
}

async function parse(...args: string[]): Promise<ChatCommandOptions> {
  const told = Promise.withResolvers<ChatCommandOptions>();
  await chatCommand(async (options) => told.resolve(options)).parseAsync(args, { from: 'user' });
  return told.promise;
}

describe('the file of settings', () => {
  it('has defaults, before which the line and the environment go', async () => {
    write({ transport: 'grpc', host: 'chat.example.org', port: 7, bell: 'off', reconnect: false });
    expect(await parse()).toMatchObject({
      transport: 'grpc',
      host: 'chat.example.org',
      port: 7,
      bell: 'off',
      reconnect: false,
    });
    vi.stubEnv('TANDEM_BELL', 'on');
    vi.stubEnv('TANDEM_SOCKET_PORT', '8');
    const options = await parse('--transport', 'socket', '--host', '::1');
    expect(options).toMatchObject({ transport: 'socket', host: '::1', port: 8, bell: 'on' });
  });

  it('need not be there', async () => {
    expect(await parse()).toMatchObject({ transport: 'socket', bell: 'on' });
  });

  it('is for single commands as well, as far as they have such options', async () => {
    write({ transport: 'grpc', bell: 'off' });
    const told = Promise.withResolvers<object>();
    const command = sendCommand(async (options) => told.resolve(options));
    await command.parseAsync(['alice', 'bob', 'hi'], { from: 'user' });
    expect(await told.promise).toMatchObject({ transport: 'grpc' });
  });

  it.each([
    [{ port: 7, transport: 'grpc' }, [], 7],
    [{ port: 7, transport: 'grpc' }, ['--transport', 'socket'], 22067],
    [{ port: 7 }, [], 7],
    [{ port: 7 }, ['--transport', 'grpc'], 22068],
    [{ port: 7 }, ['--transport', 'grpc', '--port', '9'], 9],
  ])(
    'has a port for the transport that it names, whatever comes first: %j %j',
    async (settings, line, port) => {
      write(settings);
      expect(await parse(...line)).toMatchObject({ port });
    },
  );

  it.each([
    ['secret', join('tandem', 'secret')],
    ['../secret', 'secret'],
    ['/etc/secret', '/etc/secret'],
    ['~/secret', join(homedir(), 'secret')],
  ])('names files from where it is, or below the home directory: %s', async (named, file) => {
    write({ 'secret-file': named, history: named, 'tls-ca': named });
    const path = resolve(directory, file);
    expect(await parse()).toMatchObject({ secretFile: path, history: path, tlsCa: path });
    expect(await parse('--history', named)).toMatchObject({ history: named });
  });

  it('is refused by single commands, too, where it names no option', async () => {
    write({ bel: 'off' });
    vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('left');
    });
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const command = sendCommand(async () => {});
    await expect(command.parseAsync(['alice', 'bob', 'hi'], { from: 'user' })).rejects.toThrow(
      'left',
    );
    expect(said.mock.lastCall?.[0]).toContain('did you mean "bell"?');
  });

  it.each([
    ['nonsense', 'is not JSON'],
    ['[]', 'has to be an object'],
    [{ bel: 'off' }, 'did you mean "bell"?'],
    [{ bell: 'loud' }, 'Allowed choices are on, off'],
    [{ bell: true }, 'has to be a text or a number'],
    [{ port: 70_000 }, 'from 1 to 65535'],
    [{ reconnect: 'no' }, 'has to be true or false'],
  ])('is refused with a reason when it says %j', async (settings, reason) => {
    write(settings);
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('left');
    });
    let said = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
    await expect(parse()).rejects.toThrow('left');
    expect(exit).toHaveBeenCalledWith(64);
    expect(said).toContain(reason);
    expect(said).toContain(settingsFile(process.env));
  });

  it('is where XDG says, and below the home directory otherwise', () => {
    expect(settingsFile({ XDG_CONFIG_HOME: '/etc/xdg' })).toBe('/etc/xdg/tandem/chat.json');
    for (const XDG_CONFIG_HOME of [undefined, '', 'relative']) {
      expect(settingsFile({ XDG_CONFIG_HOME })).toMatch(/^\/.*\/\.config\/tandem\/chat\.json$/);
    }
  });
});
