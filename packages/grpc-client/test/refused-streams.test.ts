// Calls that HTTP/2 refuses to begin: by a server that lowers its limit of calls, and by one that goes.

import { once } from 'node:events';
import {
  constants,
  createServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expectBroken } from '@tandem/core/testing';
import { loadMessageService } from '@tandem/protos';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectGrpcClient } from '../src/index.ts';

const service = loadMessageService();

type Method = keyof typeof responses;

const incoming = [
  { sender: 'ann', body: 'one' },
  { sender: 'ann', body: 'two' },
];

const responses = {
  Register: [service.Register.responseSerialize({ statusCode: 1 })],
  Login: [service.Login.responseSerialize({ statusCode: 8 })],
  Search: [service.Search.responseSerialize({ statusCode: 16, results: ['ann'] })],
  Send: [service.Send.responseSerialize({ statusCode: 24 })],
  Logout: [service.Logout.responseSerialize({ statusCode: 40 })],
  Acknowledge: [service.Acknowledge.responseSerialize({ statusCode: 56 })],
  Subscribe: incoming.map((message) => service.Subscribe.responseSerialize(message)),
} as const;

describe('a call that the server refuses to begin, on a connection that goes on', () => {
  test('is made again until it is taken', async () => {
    const { client, came } = await connect((name, attempt) => name !== 'Search' || attempt > 3);
    expect(await client.search('a*')).toEqual({ status: 16, usernames: ['ann'] });
    expect(await client.register('ann')).toEqual({ status: 1 });
    expect(came).toEqual({ Search: 4, Register: 1 });
  });

  test('is answered 123 when it is refused each time, and others are served', async () => {
    const { client, came } = await connect((name) => name !== 'Search');
    expect(await client.search('*')).toEqual({ status: 123 });
    expect(came).toEqual({ Search: 8 });
    expect(await client.register('ann')).toEqual({ status: 1 });
  });

  test('is made again when it subscribes, or acknowledges', async () => {
    const again: readonly Method[] = ['Subscribe', 'Acknowledge'];
    const { client, came } = await connect((name, attempt) => !again.includes(name) || attempt > 2);
    await client.login('bob');
    // What is taken is acknowledged when the next is asked for.
    for (const value of incoming) expect((await client.messages.next()).value).toEqual(value);
    expect(await client.logout()).toEqual({ status: 40 });
    expect(came).toMatchObject({ Subscribe: 3, Acknowledge: 3 });
  });

  test('breaks the client with server-busy when nothing can come without it', async () => {
    const { client, came } = await connect((name) => name !== 'Subscribe');
    await client.login('bob');
    expect(await expectBroken(client)).toMatchObject({ code: 'server-busy' });
    expect(came).toEqual({ Login: 1, Subscribe: 8 });
  });
});

test('a call that crosses the GOAWAY of a server breaks the client with server-stopped', async () => {
  const { client, came } = await connect((name, _, session) => {
    // Of the streams that it has taken this is not one.
    if (name === 'Send') session.goaway(constants.NGHTTP2_NO_ERROR, 1);
    return true;
  });
  await client.register('bob');
  const error = await expectBroken(client, [client.send('ann', 'hi')]);
  expect(error.code).toBe('server-stopped');
  expect(came).toEqual({ Register: 1, Send: 1 });
});

/**
 * A client of unary calls, and a server that takes some of them.
 *
 * @param takes whether it takes this call, which is the attempt of this number at its method
 */
async function connect(
  takes: (name: Method, attempt: number, session: ServerHttp2Session) => boolean,
) {
  const came: Partial<Record<Method, number>> = {};
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer().listen(0, '127.0.0.1');
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream, { ':path': path = '' }) => {
    const name = path.slice(path.lastIndexOf('/') + 1) as Method;
    const attempt = (came[name] ?? 0) + 1;
    came[name] = attempt;
    stream.on('error', () => {});
    if (takes(name, attempt, stream.session as ServerHttp2Session)) answer(stream, name);
    else stream.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = await connectGrpcClient({ host: '127.0.0.1', port, mode: 'unary' });
  onTestFinished(async () => {
    await client.close();
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { client, came };
}

/** Answers a call; a Subscribe goes on. */
function answer(stream: ServerHttp2Stream, name: Method): void {
  const goesOn = name === 'Subscribe';
  const headers = { 'content-type': 'application/grpc', 'session-token': 'the-token' };
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const response of responses[name]) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(response.length, 1);
    stream.write(Buffer.concat([head, response]));
  }
  if (!goesOn) stream.end();
}
