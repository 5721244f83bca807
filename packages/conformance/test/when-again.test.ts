import { ChatService, MemoryStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { expect, onTestFinished, test } from 'vitest';
import { inProcess, overGrpc, overSockets } from './harnesses.ts';

// A share that a connection takes at once, and no more in this minute.
const once = 32;

test.each([
  ['in process', inProcess, { retryAfterS: expect.any(Number) }],
  // 123 is one byte. [P-4.12]
  ['over sockets', overSockets, {}],
  ['over unary calls', overGrpc('unary'), { retryAfterS: expect.any(Number) }],
  ['over Converse', overGrpc('converse'), { retryAfterS: expect.any(Number) }],
])('123 says when to come again where the wire can: %s', async (_, start, when) => {
  const service = await ChatService.open({
    store: new MemoryStore(),
    usage: { registersPerAddress: 1, sendsPerUser: once, searchesPerAddress: once },
  });
  const transport = await start(service);
  onTestFinished(async () => {
    await transport.stop();
    await service.close();
  });
  const client = await transport.connect();
  await client.register('ann');
  await client.login('ann');
  const refused = { status: Status.tooBusy, ...when };
  expect(await client.register('bob')).toEqual(refused);
  for (let sent = 0; sent < once; sent++) await client.send('ann', 'hi');
  expect(await client.send('ann', 'hi')).toEqual(refused);
  for (let asked = 0; asked < once; asked++) await client.search('a');
  expect(await client.search('a')).toEqual(refused);
  expect(await client.search('a*b*')).toEqual(refused);
  expect(await client.logout()).toEqual({ status: Status.loggedOut });
  await client.close();
});
