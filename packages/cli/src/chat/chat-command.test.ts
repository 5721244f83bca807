import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ChatCommandOptions, chatCommand } from './chat-command.ts';

async function parse(...args: string[]): Promise<ChatCommandOptions> {
  const told = Promise.withResolvers<ChatCommandOptions>();
  const command = chatCommand(async (options) => told.resolve(options));
  await command.parseAsync(args, { from: 'user' });
  return told.promise;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('tandem chat', () => {
  it('speaks sockets with the server of this machine unless told otherwise', async () => {
    expect(await parse()).toMatchObject({ transport: 'socket', host: '127.0.0.1', port: 22067 });
  });

  it('looks for gRPC on its own port, and speaks over one stream', async () => {
    const options = await parse('--transport', 'grpc');
    expect(options).toMatchObject({ transport: 'grpc', mode: 'converse', port: 22068 });
  });

  it('refuses a mode of gRPC for sockets, unless a variable says it', async () => {
    vi.stubEnv('TANDEM_MODE', 'unary');
    expect(await parse()).toMatchObject({ transport: 'socket' });
    const command = chatCommand(async () => {});
    command.exitOverride().configureOutput({ writeErr: () => {} });
    const parsed = command.parseAsync(['--mode', 'unary'], { from: 'user' });
    await expect(parsed).rejects.toThrow('add --transport grpc');
  });

  it('takes the port that the line says, whatever the transport', async () => {
    expect(await parse('--port', '7')).toMatchObject({ port: 7 });
    expect(await parse('--transport', 'grpc', '--port', '7')).toMatchObject({ port: 7 });
  });

  it('takes nothing from what a server is told to speak', async () => {
    vi.stubEnv('TANDEM_TRANSPORT', 'all');
    expect(await parse()).toMatchObject({ transport: 'socket' });
  });

  it('takes the ports of the environment, each for its transport', async () => {
    vi.stubEnv('TANDEM_SOCKET_PORT', '1001');
    vi.stubEnv('TANDEM_GRPC_PORT', '1002');
    expect(await parse()).toMatchObject({ port: 1001 });
    expect(await parse('--transport', 'grpc')).toMatchObject({ port: 1002 });
    expect(await parse('--port', '7')).toMatchObject({ port: 7 });
  });

  it('asks for the port where the environment lets the server choose it, and only then', async () => {
    vi.stubEnv('TANDEM_SOCKET_PORT', '0');
    expect(await parse('--port', '7')).toMatchObject({ port: 7 });
    expect(await parse('--transport', 'grpc')).toMatchObject({ port: 22068 });
    const command = chatCommand(async () => {});
    command.exitOverride().configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync([], { from: 'user' })).rejects.toThrow(
      'name that one with --port',
    );
  });
});
