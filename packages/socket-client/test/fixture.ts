import type { ChatClient } from '@tandem/core';
import { expect, onTestFinished } from 'vitest';
import { connectSocketClient, type SocketClientOptions } from '../src/index.ts';
import { type ScriptedConnection, ScriptedServer } from './scripted-server.ts';

type Patience = Omit<SocketClientOptions, 'host' | 'port'>;

/** A client connected to a scripted server that has said nothing yet; both are gone after the test. */
export async function connectScripted(
  options: Patience = {},
): Promise<{ client: ChatClient; server: ScriptedConnection }> {
  const scripted = await ScriptedServer.start();
  const client = await connectSocketClient({ host: '127.0.0.1', port: scripted.port, ...options });
  onTestFinished(async () => {
    await Promise.all([client.close(), scripted.stop()]);
  });
  return { client, server: await scripted.connection() };
}

/** The same, after both have said their version. */
export async function connectGreeted(
  options: Patience = {},
): Promise<{ client: ChatClient; server: ScriptedConnection }> {
  const both = await connectScripted(options);
  expect(await both.server.read(1)).toBe('\x81');
  both.server.write('\x81');
  return both;
}

/** The same, with bob logged in. `unread` is what the login answers with. */
export async function connectBob(
  unread = '\x08',
  options: Patience = {},
): Promise<{ client: ChatClient; server: ScriptedConnection }> {
  const both = await connectGreeted(options);
  const login = both.client.login('bob');
  expect(await both.server.read(6)).toBe('\x02\x00\x03bob');
  both.server.write(unread);
  await login;
  return both;
}
