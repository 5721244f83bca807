import { ChatService, MemoryStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { expect, onTestFinished, test } from 'vitest';
import { inProcess, overGrpc, overSockets } from './harnesses.ts';

test.each([
  ['in process', inProcess],
  ['over sockets', overSockets],
  ['over unary calls', overGrpc('unary')],
  ['over Converse', overGrpc('converse')],
])('only who is logged in searches where the server wants it so: %s', async (_, start) => {
  const service = await ChatService.open({ store: new MemoryStore(), searchNeedsSession: true });
  const transport = await start(service);
  onTestFinished(async () => {
    await transport.stop();
    await service.close();
  });
  const client = await transport.connect();
  await client.register('ann');
  const refused = { status: Status.notLoggedIn };
  const found = { status: Status.found, usernames: ['ann'] };
  expect(await client.search('*')).toEqual(refused);
  await client.login('ann');
  expect(await Promise.all([client.search('*'), client.search('a*')])).toEqual([found, found]);
  expect(await client.search('*')).toEqual(found);
  await client.logout();
  expect(await client.search('*')).toEqual(refused);
  await client.login('ann');
  expect(await client.search('*')).toEqual(found);
  await client.close();
});
