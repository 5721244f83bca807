import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
} from 'node:tls';
import { ChatService, MemoryStore } from '@tandem/chat';
import type { ExchangeClient } from '@tandem/core';
import { MemoryBudget } from '@tandem/core/server';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { type HandshakeFailureKind, ServerTls, type TlsLimits } from '@tandem/tls/server';
import { filesOf, TestAuthority, type TestCertificate } from '@tandem/tls/testing';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

let ca: string;
let own: TestCertificate;

beforeAll(async () => {
  const authority = await TestAuthority.make();
  ca = authority.cert;
  own = await authority.issue();
});

const transports = ['sockets', 'gRPC'] as const;
type Transport = (typeof transports)[number];
const protocols = { sockets: 'tandem/1', gRPC: 'h2' } as const;

interface Options {
  readonly mode?: 'optional' | 'required';
  readonly tlsLimits?: Partial<TlsLimits>;
  readonly limits?: { readonly connectionsMax?: number; readonly idleBeforeLoginMs?: number };
  readonly budget?: MemoryBudget;
  readonly host?: string;
}

async function start(transport: Transport, options: Options = {}) {
  const { mode = 'required', tlsLimits = {}, host = '127.0.0.1', ...rest } = options;
  const service = await ChatService.open({ store: new MemoryStore() });
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void logged.push(line) });
  const { cert: certFile, key: keyFile } = filesOf({ cert: own.cert, key: own.key });
  const files = { certFile, keyFile, caFile: undefined };
  const tls = await ServerTls.open({
    ...files,
    mode,
    clientCertificates: 'off',
    limits: tlsLimits,
  });
  const startServer = transport === 'sockets' ? startSocketServer : startGrpcServer;
  const server = await startServer({ ...rest, service, host, port: 0, logger, tls });
  onTestFinished(() => server.stop());
  const handshakes = tls.handshakes[transport === 'sockets' ? 'socket' : 'grpc'];
  return {
    server,
    tls,
    handshakes,
    said: (reason: string | RegExp) => expect.poll(() => logged.join('')).toMatch(reason),
    logged,
    /** A client that speaks TCP alone. */
    tcp: (localAddress = '127.0.0.1') =>
      opened(connectTcp({ host: '127.0.0.1', port: server.port, localAddress })),
    /** A client that speaks TLS alone. */
    secure: (how: ConnectionOptions = {}) => {
      const socket = connectTls({
        host: 'localhost',
        port: server.port,
        ca,
        ALPNProtocols: [protocols[transport]],
        lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
        ...how,
      });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      return socket;
    },
    client: () => clientOf(transport, server.port, host === '127.0.0.1' ? 'localhost' : host),
  };
}

async function opened(socket: Socket): Promise<Socket> {
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Resolves when a socket is closed, however. */
function whenClosed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

async function clientOf(
  transport: Transport,
  port: number,
  host = 'localhost',
): Promise<ExchangeClient> {
  const place = {
    host,
    port,
    tls: { ca },
    ...(host === 'localhost' ? { lookUp: async () => ['127.0.0.1'] } : {}),
  };
  const client =
    transport === 'sockets'
      ? await connectSocketClient({ ...place, waitForVersion: true })
      : await connectGrpcClient({ ...place, mode: 'converse' });
  onTestFinished(() => client.close());
  return client;
}

/** The beginning of a handshake, whose first record has no end. */
const halfRecord = Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3);
/** The beginning of one whose first record is whole, and its message is not. */
const halfHello = Buffer.of(0x16, 3, 1, 0, 6, 1, 0, 1, 0xfc, 3, 3);

describe.each(transports)('a connection that arrives over %s', (transport) => {
  const soon = { tlsLimits: { handshakeTimeoutMs: 50 } };
  const idleSoon = { mode: 'optional', limits: { idleBeforeLoginMs: 50 } } as const;

  it.each<[string, Options, Buffer | undefined, string, HandshakeFailureKind?]>([
    ['says nothing where TLS is required', soon, undefined, 'it said nothing'],
    ['says nothing where TLS is optional', idleSoon, undefined, 'it said nothing'],
    ['sends half a ClientHello', soon, halfHello, 'its TLS handshake took too long', 'tooSlow'],
    ['sends half a record', soon, halfRecord, 'its TLS handshake took too long', 'tooSlow'],
    [
      'sends one byte of a record',
      soon,
      halfRecord.subarray(0, 1),
      'its TLS handshake took too long',
      'tooSlow',
    ],
    [
      'sends half a ClientHello where TLS is optional',
      { ...soon, mode: 'optional' },
      halfHello,
      'its TLS handshake took too long',
      'tooSlow',
    ],
    [
      'needs more memory than there is',
      { budget: new MemoryBudget(8 * 48 * 1024) },
      halfHello,
      'there is no memory for its TLS handshake',
      'memoryFull',
    ],
    [
      'sends what only begins as TLS does',
      {},
      Buffer.from('\x16 is all that I know of TLS'),
      'the TLS handshake failed',
      'other',
    ],
  ])('is cut when it %s', async (_, options, bytes, reason, counted) => {
    const { server, tcp, said, handshakes } = await start(transport, options);
    const client = await tcp();
    const closed = whenClosed(client);
    client.resume();
    if (bytes !== undefined) client.write(bytes);
    await said(reason);
    const failed = Object.entries(handshakes.failed).filter(([, count]) => count > 0);
    expect(failed).toEqual(counted === undefined ? [] : [[counted, 1]]);
    await closed;
    await expect.poll(() => server.connectionCount).toBe(0);
  });

  it('agrees on TLS with a client whose first record comes in pieces', async () => {
    const { server } = await start(transport, { mode: 'optional' });
    const socket = await opened(connectTcp({ host: '127.0.0.1', port: server.port }));
    socket.setNoDelay(true);
    const below = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        const write = async () => {
          for (const at of [0, 1, 4, 5, 70]) {
            const to = { 0: 1, 1: 4, 4: 5, 5: 70 }[at] ?? chunk.length;
            socket.write(chunk.subarray(at, to));
            for (let turns = 0; turns < 5; turns++) {
              await new Promise((resolve) => setImmediate(resolve));
            }
          }
          done();
        };
        void write();
      },
    });
    socket.on('data', (chunk) => below.push(chunk));
    const options = { socket: below, ca, servername: 'localhost' };
    const client = connectTls({ ...options, ALPNProtocols: [protocols[transport]] });
    await once(client, 'secureConnect');
    expect(client.authorized).toBe(true);
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    'gives back what it has when its client leaves during the handshake (%s)',
    async (leave) => {
      const budget = new MemoryBudget(64 * 1024 * 1024);
      const { server, tcp, said } = await start(transport, { budget });
      const client = await tcp();
      client.write(halfHello);
      await expect.poll(() => budget.bytes).toBeGreaterThan(64 * 1024);
      client[leave]();
      await said('the client left during the TLS handshake');
      await expect.poll(() => [server.connectionCount, budget.bytes]).toEqual([0, 0]);
    },
  );

  it('takes the place of an address that has more handshakes under way', async () => {
    const { tcp, said, client } = await start(transport, { tlsLimits: { handshakesMax: 2 } });
    for (let i = 0; i < 2; i++) (await tcp('127.0.0.2')).write(halfHello);
    (await tcp('127.0.0.2')).write(halfHello);
    await said('too many TLS handshakes are under way');
    expect(await (await client()).search('nobody')).toMatchObject({ status: 17 });
    await said('another address has its place in the handshakes');
  });

  it('ends when the server stops, with half a handshake or without a byte', async () => {
    const { server, tcp, said } = await start(transport);
    await tcp();
    const client = await tcp();
    client.write(halfHello);
    await expect.poll(() => server.connectionCount).toBe(2);
    const closed = whenClosed(client);
    client.resume();
    await server.stop();
    await closed;
    await said('the server stops');
  });

  it('comes over IPv6', async () => {
    const { client } = await start(transport, { host: '::1' });
    expect(await (await client()).register('alice')).toEqual({ status: 1 });
  });

  it('resumes TLS with its ticket until the keys of tickets are new', async () => {
    const { secure, tls, handshakes } = await start(transport);
    const first = secure({ maxVersion: 'TLSv1.2' });
    const [session] = (await once(first, 'session')) as [Buffer];
    const again = async () => {
      const socket = secure({ maxVersion: 'TLSv1.2', session });
      await once(socket, 'secureConnect');
      return socket.isSessionReused();
    };
    expect(await again()).toBe(true);
    await tls.reload();
    expect(await again()).toBe(false);
    await expect
      .poll(() => handshakes.agreed)
      .toEqual([
        { version: '1.2', resumed: false, count: 2 },
        { version: '1.2', resumed: true, count: 1 },
        { version: '1.3', resumed: false, count: 0 },
        { version: '1.3', resumed: true, count: 0 },
      ]);
  });

  it('has keys of tickets that are made anew each hour', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { secure } = await start(transport);
    const first = secure({ maxVersion: 'TLSv1.2' });
    const [session] = (await once(first, 'session')) as [Buffer];
    const again = async () => {
      const socket = secure({ maxVersion: 'TLSv1.2', session });
      await once(socket, 'secureConnect');
      return socket.isSessionReused();
    };
    vi.advanceTimersByTime(3_599_000);
    expect(await again()).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(await again()).toBe(false);
  });

  it('is refused by a server that is full', async () => {
    const { client, secure } = await start(transport, { limits: { connectionsMax: 1 } });
    await client();
    const [error] = (await once(secure(), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(
      transport === 'sockets' ? 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' : 'ECONNRESET',
    );
    await expect(client()).rejects.toThrow(
      transport === 'sockets'
        ? /it cannot agree on TLS now, .* try again in a while\?/
        : 'it ended the connection before TLS was agreed on',
    );
  });
});

describe('a socket server that is full', () => {
  it.each([
    ['required', '15030300020246'],
    ['optional', '817b'],
  ] as const)('and has TLS %s tells a client that speaks none: %s', async (mode, refusal) => {
    const { tcp, client } = await start('sockets', { mode, limits: { connectionsMax: 1 } });
    await client();
    const refused = await tcp();
    refused.write('\x81', 'latin1');
    const [said] = (await once(refused, 'data')) as [Buffer];
    expect(said.toString('hex')).toBe(refusal);
    await once(refused, 'end');
  });
});

describe('where TLS is optional, the dialect of 2023', () => {
  it('is read without it', async () => {
    const { tcp } = await start('sockets', { mode: 'optional' });
    const client = await tcp();
    for (const [request, response] of [
      ['\x01alice', 1],
      ['\x02alice', 8],
    ] as const) {
      client.write(request);
      expect(((await once(client, 'data')) as [Buffer])[0]).toEqual(Buffer.of(response));
    }
  });

  it('is read over it', async () => {
    const { secure } = await start('sockets', { mode: 'optional' });
    const client = secure();
    await once(client, 'secureConnect');
    client.write('\x01alice');
    expect(((await once(client, 'data')) as [Buffer])[0]).toEqual(Buffer.of(1));
  });
});

describe('gRPC over TLS', () => {
  it('is refused to a client that does not name it, in words', async () => {
    const { secure, said } = await start('gRPC');
    const client = secure({ ALPNProtocols: [] });
    const [words] = (await once(client, 'data')) as [Buffer];
    expect(String(words)).toMatch(/^HTTP\/1\.1 505 .*names h2 in its TLS handshake/s);
    await said('it does not name h2 in its TLS handshake');
  });

  it('tells its user of a server that names another protocol, or none', async () => {
    const { server } = await start('sockets');
    await expect(clientOf('gRPC', server.port)).rejects.toThrow(
      'it speaks another protocol over TLS (ALPN)',
    );
    const none = createTlsServer({ key: own.key, cert: own.cert });
    onTestFinished(() => void none.close());
    none.listen(0, '127.0.0.1');
    await once(none, 'listening');
    const { port } = none.address() as { port: number };
    await expect(clientOf('gRPC', port)).rejects.toThrow('does not offer HTTP/2 (ALPN)');
  });

  it('goes on for an address that has offended, in small parts', async () => {
    const { secure, said, client } = await start('gRPC');
    const offender = secure();
    await once(offender, 'secureConnect');
    offender.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await said('it broke the rules of HTTP/2');
    const [alice, bob] = [await client(), await client()];
    await said('paced, since its address broke a limit lately');
    for (const [one, name] of [[alice, 'alice'] as const, [bob, 'bob'] as const]) {
      await one.register(name);
      await one.login(name);
    }
    const bodies = Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(200)}`);
    await Promise.all(bodies.map((body) => alice.send('bob', body)));
    const got: string[] = [];
    for await (const { body } of bob.messages) if (got.push(body) === bodies.length) break;
    expect(got).toEqual(bodies);
  });
});
