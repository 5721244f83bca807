import { ChatService, MemoryStore } from '@tandem/chat';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';

async function startServer() {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logger = pino({ level: 'silent' });
  const server = await startGrpcServer({ service, host: '127.0.0.1', port: 0, logger });
  onTestFinished(async () => {
    await server.stop();
    await service.close();
  });
  return server;
}

describe.each(['converse', 'unary'] as const)('a gRPC client in mode %s', (mode) => {
  test('ends with server-stopped when the server shuts down', async () => {
    const server = await startServer();
    const client = await connectGrpcClient({ host: server.host, port: server.port, mode });
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

  test('notices the end of the server without a session, too', async () => {
    const server = await startServer();
    const client = await connectGrpcClient({ host: server.host, port: server.port, mode });
    await client.search('*');
    const stopped = server.stop();
    const code = mode === 'converse' ? 'server-stopped' : 'connection-lost';
    expect(await client.closed).toMatchObject({ code });
    await stopped;
  });
});
