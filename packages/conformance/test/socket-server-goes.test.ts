import { ChatService, MemoryStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { type SocketServerLimits, startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';

async function startServer(limits: Partial<SocketServerLimits> = {}) {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger, limits });
  onTestFinished(async () => {
    await server.stop();
    await service.close();
  });
  return server;
}

describe('a socket client', () => {
  test('ends with server-stopped when the server shuts down', async () => {
    const server = await startServer();
    const client = await connectSocketClient(server);
    await client.register('ann');
    await client.login('ann');
    const consumer = client.messages.next();
    const stopped = server.stop();
    const error = await client.closed;
    expect(error).toMatchObject({ code: 'server-stopped' });
    await expect(client.search('*')).rejects.toBe(error);
    expect(await consumer).toEqual({ done: true, value: undefined });
    await stopped;
  });

  test('ends with server-busy when the server has as many connections as it may, whether it asked or not', async () => {
    const server = await startServer({ connectionsMax: 1 });
    const first = await connectSocketClient(server);
    expect(await first.search('*')).toEqual({ status: Status.notFound });
    const silent = await connectSocketClient(server);
    expect(await silent.closed).toMatchObject({ code: 'server-busy' });
    const eager = await connectSocketClient(server);
    await expect(eager.login('ann')).rejects.toMatchObject({ code: 'server-busy' });
    expect(await first.register('ann')).toEqual({ status: Status.registered });
    await first.close();
  });
});
