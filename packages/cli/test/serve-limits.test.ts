// Whatever a start accepts has to serve a client on each transport, and to stop.
import { rmSync } from 'node:fs';
import { setImmediate as immediate } from 'node:timers/promises';
import { ChatService, InProcessClient, MemoryStore, SqliteStore } from '@tandem/chat';
import { NumberOption } from '@tandem/command';
import { edgesOf } from '@tandem/command/testing';
import { type ChatClient, Status } from '@tandem/core';
import { MemoryBudget } from '@tandem/core/server';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { Bans, connectionGate } from '@tandem/operator';
import { connectSocketClient } from '@tandem/socket-client';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryMin } from '../src/memory-max.ts';
import { serviceSettings } from '../src/serve/options/limits.ts';
import { serveCommand } from '../src/serve/options/serve-command.ts';
import type { ServeOptions } from '../src/serve/options/serve-options.ts';
import { loadTransports } from '../src/serve/servers/transports.ts';
import { newDirectory } from './data-directory.ts';

const limits = serveCommand(async () => {}).options.filter(
  (option): option is NumberOption =>
    option instanceof NumberOption && !option.long?.endsWith('-port'),
);

const host = '127.0.0.1';
const secret = 'correct horse';

const warnings: Error[] = [];
const onWarning = (warning: Error) => warnings.push(warning);
beforeEach(() => {
  warnings.length = 0;
  process.on('warning', onWarning);
});
afterEach(() => {
  process.off('warning', onWarning);
});

describe('tandem serve', () => {
  it.each(limits.map((option) => [option.long ?? '', option] as const))(
    'serves and stops at every edge of %s',
    async (flag, option) => {
      const accepted = new Set(edgesOf(option.range).flatMap(({ value }) => value ?? []));
      expect(accepted.size).toBeGreaterThan(2);
      for (const value of accepted) await serveOnce([`${flag}=${value}`], flag);
      // What Node.js takes in another sense than it was meant, it says in the next turn.
      await immediate();
      expect(warnings).toEqual([]);
    },
  );

  it.each(['min', 'max'] as const)('serves and stops with every limit at its %s', async (end) => {
    const all = limits.map(({ long, range }) => `${long}=${range[end]}`);
    await serveOnce(all, '--data-bytes-max');
    expect(warnings).toEqual([]);
  });
});

it('has room in the least memory for the longest login over unary calls', async () => {
  const unread = 14_000;
  const limits = { mailboxMessagesMax: unread };
  const service = await ChatService.open({ store: new MemoryStore(), limits });
  const sender = new InProcessClient(service);
  const [name, body] = ['n'.repeat(50), 'x'.repeat(262)];
  await service.register('ann');
  await sender.register(name);
  await sender.login(name);
  for (let i = 0; i < unread; i++) await sender.send('ann', body);
  const budget = new MemoryBudget(memoryMin);
  const logger = pino({ level: 'silent' });
  const server = await startGrpcServer({ service, host, port: 0, logger, budget });
  const client = await connectGrpcClient({ host, port: server.port, mode: 'unary' });
  expect(await client.login('ann')).toMatchObject({ status: Status.loggedInUnread });
  await client.close();
  await server.stop();
  await service.close();
});

/** Serves one user over each transport after the other, and stops. */
async function serveOnce(args: readonly string[], flag: string): Promise<void> {
  const told = Promise.withResolvers<ServeOptions>();
  await serveCommand(async (options) => told.resolve(options)).parseAsync(
    ['--host', host, ...args],
    { from: 'user' },
  );
  const options = await told.promise;
  const directory = flag === '--data-bytes-max' ? newDirectory() : undefined;
  const store =
    directory === undefined
      ? new MemoryStore()
      : await SqliteStore.open({
          directory,
          purpose: 'a test',
          dataBytesMax: options.dataBytesMax,
        });
  const service = await ChatService.open({ store, ...serviceSettings(options) });
  const transports = await loadTransports({ ...options, refusalsMax: 100 });
  const logger = pino({ level: 'silent' });
  const budget = new MemoryBudget(options.memoryMax);
  const gate = connectionGate(Bans.open(), options.newConnectionsPerAddress);
  const place = {
    service,
    logger,
    budget,
    gate,
    trace: undefined,
    tls: undefined,
    host,
    port: 0,
  };
  const [sockets, grpc] = await Promise.all(transports.map(({ start }) => start(place)));
  const said = args.join(' ');
  const bySockets = () => connectSocketClient({ host, port: sockets?.port ?? 0 });
  await chat(await bySockets(), said);
  for (const mode of ['converse', 'unary'] as const) {
    await chat(await connectGrpcClient({ host, port: grpc?.port ?? 0, mode }), said);
    // Where one connection is the most, the next client has to wait until this one has gone.
    while (grpc?.connectionCount !== 0) await immediate();
  }
  // To hash secrets takes long, so no other option waits for it.
  if (/tries|resume/.test(flag)) await proveOneself(bySockets, said);
  await Promise.all([sockets?.stop(), grpc?.stop()]);
  await service.close();
  if (directory !== undefined) rmSync(directory, { recursive: true });
}

/** A user with a secret mistypes it, logs in, and resumes the session on another connection. */
async function proveOneself(connect: () => Promise<ChatClient>, said: string): Promise<void> {
  const first = await connect();
  expect(await first.register('bob', secret), said).toEqual({ status: Status.registered });
  expect(await first.login('bob', 'another secret'), said).toEqual({ status: Status.wrongSecret });
  await first.close();
  const second = await connect();
  // Where one try is all, the next one has to wait.
  const { status } = await second.login('bob', secret);
  expect([Status.loggedIn, Status.tooManyTries], said).toContain(status);
  const { resumption } = second;
  await second.close();
  expect(resumption === undefined, said).toBe(status === Status.tooManyTries);
  if (resumption === undefined) return;
  const third = await connect();
  expect(await third.resume(resumption), said).toMatchObject({ status: Status.loggedIn });
  await third.close();
}

/** One user registers, sends a message to themselves, reads it, searches, and deletes the account. */
async function chat(client: ChatClient, said: string): Promise<void> {
  expect(await client.register('alice'), said).toEqual({ status: Status.registered });
  expect(await client.login('alice'), said).toMatchObject({ status: Status.loggedIn });
  expect(await client.send('alice', 'hello'), said).toEqual({ status: Status.delivered });
  expect((await client.messages.next()).value?.body, said).toBe('hello');
  expect(await client.search('*'), said).toMatchObject({ usernames: ['alice'] });
  expect(await client.delete(), said).toEqual({ status: Status.deleted });
  await client.close();
}
