import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatService, SqliteStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { take } from '../src/stage.ts';
import { inProcess, overGrpc, overSockets } from './harnesses.ts';
import { RawClient } from './raw-client.ts';

// A version before this one took bodies of nothing but spaces. [P-2.3]
const body = '   ';

/** A service on a data directory that an earlier version has left, in which ann has such a message. */
async function openService(): Promise<ChatService> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const earlier = await SqliteStore.open({ directory });
  await Promise.all([
    earlier.addAccount('ann'),
    earlier.addMessage('ann', { id: 1, sender: 'bob', body }),
  ]);
  await earlier.close();
  return ChatService.open({ store: await SqliteStore.open({ directory }) });
}

test.each([
  ['in process', inProcess],
  ['over sockets', overSockets],
  ['over unary calls', overGrpc('unary')],
  ['over Converse', overGrpc('converse')],
])('a body of spaces that is kept already is delivered %s, and can be taken', async (_, start) => {
  const service = await openService();
  const transport = await start(service);
  onTestFinished(async () => {
    await transport.stop();
    await service.close();
  });
  const client = await transport.connect();
  expect(await client.login('ann')).toEqual({ status: Status.loggedInUnread, unread: 1 });
  expect((await take(client, 1)).messages).toEqual([`bob: ${body}`]);
  expect(await client.logout()).toEqual({ status: Status.loggedOut });
  expect(await client.login('ann')).toEqual({ status: Status.loggedIn, unread: 0 });
  await client.close();
});

test('and in the dialect of 2023', async () => {
  const service = await openService();
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger });
  const client = await RawClient.connect(server.port);
  onTestFinished(async () => {
    client.destroy();
    await server.stop();
    await service.close();
  });
  client.write('\x02ann');
  expect(await client.read(10)).toBe(`\x09\x00\x01bob|${body}`);
});
