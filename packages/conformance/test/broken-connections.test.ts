import { ChatService, MemoryStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { overGrpc, overGrpcTls, overSockets, overSocketsTls } from './harnesses.ts';

const transports = [
  { name: 'sockets', open: overSockets },
  { name: 'sockets and TLS', open: overSocketsTls },
  { name: 'Converse', open: overGrpc('converse') },
  { name: 'Converse and TLS', open: overGrpcTls('converse') },
  { name: 'unary calls', open: overGrpc('unary') },
  { name: 'unary calls and TLS', open: overGrpcTls('unary') },
];

// Many writes, so that some follow the first one that fails.
const writes = 64;

async function start(open: (typeof transports)[number]['open']) {
  const service = await ChatService.open({ store: new MemoryStore() });
  const transport = await open(service);
  onTestFinished(async () => {
    await transport.stop();
    await service.close();
  });
  return {
    service,
    kill: transport.kill,
    async connect() {
      const client = await transport.connect();
      onTestFinished(() => client.close());
      return client;
    },
  };
}

describe.each(transports)('a connection over $name', ({ open }) => {
  test.each(['reset', 'cut'] as const)(
    'that is %s while its client writes rejects what is under way',
    async (how) => {
      const { connect, kill } = await start(open);
      const client = await connect();
      await client.search('*');
      const requests = Array.from({ length: writes }, () => client.search('*'));
      await kill(client, how);
      const error = await client.closed;
      expect(error).toMatchObject({ code: 'connection-lost' });
      for (const request of requests) await expect(request).rejects.toBe(error);
    },
  );

  test.each(['reset', 'cut'] as const)(
    'that is %s while its server writes ends the session, and what was not taken comes again',
    async (how) => {
      const { service, connect, kill } = await start(open);
      const alice = await connect();
      await alice.register('alice');
      await alice.login('alice');
      await service.post('bob', 'alice', 'first');
      await alice.messages.next();
      const bodies = Array.from({ length: writes }, (_, i) => `${i}`);
      const posts = bodies.map((body) => service.post('bob', 'alice', body));
      await kill(alice, how);
      await Promise.all(posts);
      const again = await connect();
      await expect
        .poll(() => again.login('alice'))
        .not.toMatchObject({ status: Status.alreadyLoggedIn });
      for (const body of ['first', ...bodies]) {
        expect((await again.messages.next()).value).toMatchObject({ body });
      }
    },
  );
});
