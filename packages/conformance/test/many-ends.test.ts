import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
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

type Server = Awaited<ReturnType<typeof start>>;

/** Connects many clients, which say this. Resolves when the server has all of them, and has greeted those that it greets. */
async function connectTo(server: Server, says: Buffer | undefined): Promise<Socket[]> {
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

/** Opens Converse streams on one connection, on each of which a request is answered. */
async function openStreams(port: number, count: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  const client = connectHttp2('http://127.0.0.1', { createConnection: () => socket });
  onTestFinished(() => void client.destroy());
  client.on('error', () => {});
  await once(client, 'remoteSettings');
  const answers = Array.from({ length: count }, async () => {
    const stream = client.request({ ...converse });
    stream.write(search);
    await once(stream, 'data');
    stream.on('error', () => {}).resume();
  });
  await Promise.all(answers);
  return socket;
}

const converse = {
  ':method': 'POST',
  ':path': '/MessageService/Converse',
  'content-type': 'application/grpc',
  te: 'trailers',
};
// A search for x, behind the header of gRPC.
const search = Buffer.of(0, 0, 0, 0, 5, 0x1a, 3, 0x0a, 1, 0x78);
const streamsOfEach = 200;

it.each([
  { of: 'connections that are reset', end: (socket: Socket) => void socket.resetAndDestroy() },
  { of: 'connections that are closed', end: (socket: Socket) => void socket.destroy() },
  { of: 'connections that break a rule', end: (socket: Socket) => void socket.write(brokenRule) },
  {
    of: 'connections that the server cuts',
    end: (_: Socket, server: Server) => void server.closeNetwork('127.0.0.1', 'a test closes it'),
  },
])('ends streams of $of a few in each turn', async ({ end }) => {
  const server = await start('gRPC');
  const sockets = await Promise.all(
    Array.from({ length: 3 }, () => openStreams(server.port, streamsOfEach)),
  );
  let ended = 0;
  const count = () => void ended++;
  subscribe('http2.server.stream.close', count);
  onTestFinished(() => void unsubscribe('http2.server.stream.close', count));
  for (const socket of sockets) end(socket, server);
  let most = 0;
  while (server.connectionCount > 0) {
    const before = ended;
    await turn();
    most = Math.max(most, ended - before);
  }
  expect(ended).toBe(sockets.length * streamsOfEach);
  // The queue's turn may come before this one's, or after.
  expect(most).toBeLessThanOrEqual(2 * endsPerTurnMax);
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
