import { ChatService, MemoryStore } from '@tandem/chat';
import { Status } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';

const logger = pino({ level: 'silent' });

async function start(transport: 'sockets' | 'gRPC', limits: { connectionsMax?: number } = {}) {
  const service = await ChatService.open({ store: new MemoryStore() });
  const startServer = transport === 'sockets' ? startSocketServer : startGrpcServer;
  const server = await startServer({ service, host: '127.0.0.1', port: 0, logger, limits });
  onTestFinished(async () => {
    await server.stop();
    await service.close();
  });
  const { host, port } = server;
  return { server, place: { host, port } };
}

const clients = [
  { name: 'a socket client', transport: 'sockets', connect: connectSocketClient },
  ...(['converse', 'unary'] as const).map((mode) => ({
    name: `a gRPC client in mode ${mode}`,
    transport: 'gRPC' as const,
    connect: (place: { host: string; port: number }) => connectGrpcClient({ ...place, mode }),
  })),
] as const;

describe.each(clients)('$name', ({ name, transport, connect }) => {
  test('ends with server-stopped when the server shuts down', async () => {
    const { server, place } = await start(transport);
    const client = await connect(place);
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
    const { server, place } = await start(transport);
    const client = await connect(place);
    await client.search('*');
    const stopped = server.stop();
    // Without a stream, the server has nowhere to say why.
    const code = name.endsWith('unary') ? 'connection-lost' : 'server-stopped';
    expect(await client.closed).toMatchObject({ code });
    await stopped;
  });
});

test('a socket client ends with server-busy when the server has as many connections as it may, whether it asked or not', async () => {
  const { place } = await start('sockets', { connectionsMax: 1 });
  const first = await connectSocketClient(place);
  expect(await first.search('*')).toEqual({ status: Status.notFound });
  const silent = await connectSocketClient(place);
  expect(await silent.closed).toMatchObject({ code: 'server-busy' });
  const eager = await connectSocketClient(place);
  await expect(eager.login('ann')).rejects.toMatchObject({ code: 'server-busy' });
  expect(await first.register('ann')).toEqual({ status: Status.registered });
  await first.close();
});
