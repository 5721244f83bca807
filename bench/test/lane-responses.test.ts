import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ChatClient, SearchOutcome, SendOutcome } from '@tandem/core';
import { Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ChatLaneClient } from '../src/lanes/chat/chat-operations.ts';
import { loadLane } from '../src/lanes/index.ts';
import type { LaneClient } from '../src/lanes/lane.ts';
import { startEchoServer } from '../src/lanes/net/net-echo.ts';
import { CodecClient } from '../src/lanes/no-wire/codec-operations.ts';

const host = '127.0.0.1';
const search = { kind: 'search' } as const;
const send = { kind: 'send', body: 'hi' } as const;

async function connect(name: string, port: number): Promise<LaneClient> {
  const client = await (await loadLane(name)).connect({ host, port });
  onTestFinished(() => client.close());
  return client;
}

describe('an operation rejects a response that is not the one expected', () => {
  test('an echo of more bytes than it was asked', async () => {
    const server = await startEchoServer((socket, chunk) => {
      socket.write(Buffer.concat([chunk, Buffer.of(0)]));
    });
    onTestFinished(() => server.close());
    const operation = (await connect('net-echo', server.port)).operation(search);
    await operation();
    await expect(operation()).rejects.toThrow('more than it was asked');
  });

  test('an HTTP/2 echo of fewer bytes', async () => {
    const server = createServer();
    server.on('stream', (stream) => {
      stream.respond();
      stream.end('short');
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const operation = (await connect('http2-echo', port)).operation(search);
    await expect(operation()).rejects.toThrow('the echo has 5 bytes instead of 12');
  });

  test('a gRPC echo of something else', async () => {
    const { Search, Send } = loadMessageService();
    const server = new Server();
    server.addService(
      {
        Search,
        Send: { ...Send, responseSerialize: Send.requestSerialize },
      },
      {
        Search: (_: unknown, response: (error: null, response: object) => void) =>
          response(null, { statusCode: Status.found, results: ['bob'] }),
        Send: (_: unknown, response: (error: null, response: object) => void) =>
          response(null, { sender: 'alice', recipient: 'bob', body: 'longer' }),
      },
    );
    const port = await new Promise<number>((resolve) => {
      const insecure = ServerCredentials.createInsecure();
      server.bindAsync(`${host}:0`, insecure, (_, bound) => resolve(bound));
    });
    onTestFinished(() => server.forceShutdown());
    const client = await connect('grpc-echo', port);
    await expect(client.operation(search)()).rejects.toThrow('not what was sent');
    await expect(client.operation(send)()).rejects.toThrow('not as long as');
  });

  test.each<[string, SearchOutcome]>([
    ['nobody', { status: Status.notFound }],
    ['somebody else', { status: Status.found, usernames: ['bob'] }],
    ['more than one', { status: Status.found, usernames: ['alice', 'bob'] }],
    ['a cut list', { status: Status.foundCut, usernames: ['alice'] }],
  ])('a search that finds %s', async (_, outcome) => {
    await expect(chatThatAnswers(outcome).operation(search)()).rejects.toThrow(/search/);
  });

  test.each<[string, SendOutcome]>([
    ['stored', { status: Status.stored }],
    ['refused', { status: Status.mailboxFull }],
  ])('a send that is %s', async (_, outcome) => {
    await expect(chatThatAnswers(outcome).operation(send)()).rejects.toThrow(/send/);
  });

  test('what a codec decodes otherwise', async () => {
    const client = new CodecClient({
      search: () => ['bob'],
      send: () => ({ status: Status.delivered, message: { sender: 's0000', body: 'ho' } }),
    });
    await expect(client.operation(search)()).rejects.toThrow('decoded as bob');
    await expect(client.operation(send)()).rejects.toThrow('decoded as s0000|ho');
  });
});

function chatThatAnswers(outcome: SearchOutcome | SendOutcome): LaneClient {
  const chat: Partial<ChatClient> = {
    search: async () => outcome as SearchOutcome,
    send: async () => outcome as SendOutcome,
  };
  return new ChatLaneClient({
    chat: chat as ChatClient,
    openRecipient: () => Promise.reject(new Error('not needed')),
  });
}
