import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ChatService, MemoryStore } from '@tandem/chat';
import { startGrpcServer } from '@tandem/grpc-server';
import { startSocketServer } from '@tandem/socket-server';
import { ServerTls } from '@tandem/tls/server';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

const connections = 300;
const idleBeforeLoginMs = 60_000;
// The most that a turn ends: half of the units of a teardown queue.
const endsPerTurnMax = 64;

const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  // SETTINGS without any.
  Buffer.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
]);
// DATA of no call, for which HTTP/2 ends the connection.
const brokenRule = Buffer.of(0, 0, 1, 0, 0, 0, 0, 0, 0, 1);
const halfHandshake = Buffer.of(0x16, 3, 1, 2, 0, 1);

const servers = { sockets: startSocketServer, gRPC: startGrpcServer } as const;

async function start(transport: keyof typeof servers, tls = false) {
  const service = await ChatService.open({ store: new MemoryStore() });
  const server = await servers[transport]({
    service,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
    tls: tls ? await testTls() : undefined,
    limits: { idleBeforeLoginMs, keepAliveTimeoutMs: 1_000 },
  });
  onTestFinished(() => server.stop());
  return server;
}

async function testTls(): Promise<ServerTls> {
  const own = await (await TestAuthority.make()).issue();
  const { cert: certFile, key: keyFile } = filesOf(own);
  return ServerTls.open({
    certFile,
    keyFile,
    caFile: undefined,
    mode: 'optional',
    clientCertificates: 'off',
  });
}

/** Connects many clients, which say this. Resolves when the server has all of them, and has greeted those that it greets. */
async function connectTo(
  server: Awaited<ReturnType<typeof start>>,
  says: Buffer | undefined,
): Promise<Socket[]> {
  const clients = Array.from({ length: connections }, () => {
    const socket = connect({ host: '127.0.0.1', port: server.port }).on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.resume();
    if (says !== undefined) socket.write(says);
    return socket;
  });
  const greeted = says !== undefined && says !== halfHandshake;
  await Promise.all(clients.map((socket) => once(socket, greeted ? 'data' : 'connect')));
  while (server.connectionCount < connections) await turn();
  return clients;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it.each([
  { transport: 'sockets', of: 'silent connections', says: undefined, ends: 'destroy' },
  { transport: 'sockets', of: 'greeted connections', says: Buffer.of(0x81), ends: 'destroy' },
  { transport: 'sockets', of: 'resets', says: Buffer.of(0x81), ends: 'resetAndDestroy' },
  { transport: 'sockets', of: 'half handshakes', says: halfHandshake, ends: 'destroy', tls: true },
  { transport: 'sockets', of: 'connections that say nothing', ends: 'wait' },
  { transport: 'gRPC', of: 'silent connections', says: undefined, ends: 'destroy' },
  { transport: 'gRPC', of: 'HTTP/2 connections', says: preface, ends: 'destroy' },
  { transport: 'gRPC', of: 'resets', says: preface, ends: 'resetAndDestroy' },
  { transport: 'gRPC', of: 'broken connections', says: preface, ends: brokenRule },
  { transport: 'gRPC', of: 'half handshakes', says: halfHandshake, ends: 'destroy', tls: true },
] as const)('ends $of over $transport a few in each turn', async (row) => {
  const { ends } = row;
  if (ends === 'wait') {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'hrtime', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
  }
  const server = await start(row.transport, 'tls' in row);
  const clients = await connectTo(server, 'says' in row ? row.says : undefined);
  if (ends === 'wait') vi.advanceTimersByTime(idleBeforeLoginMs);
  for (const socket of clients) {
    if (Buffer.isBuffer(ends)) socket.write(ends);
    else if (ends !== 'wait') socket[ends]();
  }
  let most = 0;
  for (let before = server.connectionCount; before > 0; before = server.connectionCount) {
    await turn();
    most = Math.max(most, before - server.connectionCount);
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(endsPerTurnMax);
});

// Node.js throws when bytes come to a socket that is destroyed and still read.
it.each([
  { transport: 'sockets', greets: Buffer.of(0x81), says: Buffer.from('\x03\x00\x03zoe', 'latin1') },
  // A PING.
  {
    transport: 'gRPC',
    greets: preface,
    says: Buffer.of(0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
  },
] as const)('closes many over $transport that have just said something', async (row) => {
  const server = await start(row.transport);
  const clients = await connectTo(server, row.greets);
  for (const socket of clients) socket.write(row.says);
  expect(server.closeNetwork('127.0.0.1', 'a test closes it')).toBe(connections);
  for (const socket of clients) socket.write(row.says);
  while (server.connectionCount > 0) await turn();
});
