import type { ChatClient } from '@tandem/core';
import type { Message } from '@tandem/protos';
import { expect, onTestFinished } from 'vitest';
import { connectGrpcClient, type GrpcClientOptions } from '../src/index.ts';
import { type ConverseCall, ScriptedServer, type StreamCall } from './scripted-server.ts';

type Options = Omit<GrpcClientOptions, 'host' | 'port'>;

interface Connected {
  readonly client: ChatClient;
  readonly server: ScriptedServer;
}

/** Messages for a login to answer with. */
export const unread = [
  { sender: 'a', body: 'x1' },
  { sender: 'a', body: 'x2' },
  { sender: 'a', body: 'x3' },
];

/** A client connected to a scripted server; both are gone after the test. */
export async function connectScripted(
  options: Options,
  methods?: Parameters<typeof ScriptedServer.start>[0],
): Promise<Connected> {
  const server = await ScriptedServer.start(methods);
  const client = await connectGrpcClient({ host: '127.0.0.1', port: server.port, ...options });
  onTestFinished(async () => {
    server.die();
    await client.close();
  });
  return { client, server };
}

/** The same over unary calls, with bob logged in. @param unread what his login answers with */
export async function connectUnaryBob(
  unread: readonly Message[] = [],
  options: Options = {},
): Promise<Connected & { stream: StreamCall<Message> }> {
  const both = await connectScripted({ mode: 'unary', ...options });
  const login = both.client.login('bob');
  const stream = await both.server.login(unread);
  await login;
  return { ...both, stream };
}

/** The same over Converse, with nobody logged in. */
export async function connectConverse(
  options: Options = {},
): Promise<Connected & { stream: ConverseCall }> {
  const both = await connectScripted({ mode: 'converse', ...options });
  return { ...both, stream: await both.server.converse() };
}

/** The same over Converse, with bob logged in. */
export async function connectConverseBob(
  unread: readonly Message[] = [],
): Promise<Connected & { stream: ConverseCall }> {
  const all = await connectConverse();
  const login = all.client.login('bob');
  expect(await all.stream.read()).toEqual({ login: { username: 'bob', acknowledges: false } });
  all.stream.write({ statusCode: unread.length === 0 ? 8 : 9, messages: [...unread] });
  await login;
  return all;
}

/** Takes the next messages; the last is in hand. */
export async function take(client: ChatClient, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await client.messages.next();
}
