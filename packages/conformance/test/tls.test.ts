import { writeFile } from 'node:fs/promises';
import { ChatService, MemoryStore } from '@tandem/chat';
import { type ChatClient, ChatError, type ChatErrorCode } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { makeCertificate } from '@tandem/tls/certificate';
import type { ClientTls } from '@tandem/tls/client';
import { type ClientCertificates, type HandshakeFailureKind, ServerTls } from '@tandem/tls/server';
import { filesOf, TestAuthority, type TestCertificate } from '@tandem/tls/testing';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const transports = ['sockets', 'Converse', 'unary gRPC'] as const;
type Transport = (typeof transports)[number];

let authority: TestAuthority;
let other: TestAuthority;
let good: TestCertificate;

beforeAll(async () => {
  [authority, other] = await Promise.all([TestAuthority.make(), TestAuthority.make('Another')]);
  good = await authority.issue();
});

interface ServerOptions {
  readonly mode?: 'optional' | 'required';
  readonly certificate?: TestCertificate;
  readonly clients?: ClientCertificates;
}

interface Started {
  /** Puts another certificate in the place of the server's. */
  renew(certificate: TestCertificate): Promise<void>;
  /** The log, each record as JSON. */
  readonly logged: readonly string[];
  /** The kinds of failed handshakes that were counted. */
  failures(): string[];
  /** The handshakes that were agreed on, by how. */
  agreed(): Readonly<Record<string, number>>;
  connect(tls: ClientTls | undefined, host?: string): Promise<ChatClient>;
}

/** Starts a server. @param options undefined for one without TLS */
async function start(transport: Transport, options: ServerOptions | undefined): Promise<Started> {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void logged.push(line) });
  const { cert, key } = options?.certificate ?? good;
  const files = filesOf({ cert, key, ca: authority.cert });
  const tls = options && (await serverTls(files, options));
  const startServer = transport === 'sockets' ? startSocketServer : startGrpcServer;
  const server = await startServer({ service, host: '127.0.0.1', port: 0, logger, tls });
  onTestFinished(() => server.stop());
  const counts = tls?.handshakes[transport === 'sockets' ? 'socket' : 'grpc'];
  return {
    logged,
    failures: () =>
      Object.entries(counts?.failed ?? {}).flatMap(([kind, count]) => (count > 0 ? [kind] : [])),
    agreed: () =>
      Object.fromEntries(
        (counts?.agreed ?? [])
          .filter(({ count }) => count > 0)
          .map(({ version, resumed, count }) => [resumed ? `${version} again` : version, count]),
      ),
    async renew({ cert, key }) {
      await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
      await tls?.reload();
    },
    async connect(clientTls, host = 'localhost') {
      const place = { host, port: server.port, tls: clientTls, lookUp: async () => ['127.0.0.1'] };
      const client =
        transport === 'sockets'
          ? await connectSocketClient({ ...place, waitForVersion: true })
          : await connectGrpcClient({
              ...place,
              mode: transport === 'Converse' ? 'converse' : 'unary',
            });
      onTestFinished(() => client.close());
      return client;
    },
  };
}

function serverTls(
  { cert, key, ca }: Record<'cert' | 'key' | 'ca', string>,
  { mode = 'required', clients = 'off' }: ServerOptions,
) {
  return ServerTls.open({
    certFile: cert,
    keyFile: key,
    caFile: ca,
    mode,
    clientCertificates: clients,
  });
}

async function failure(connecting: Promise<unknown>): Promise<[ChatErrorCode, string]> {
  const error = await connecting.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ChatError)) throw error ?? new Error('it has connected');
  return [error.code, error.message];
}

describe.each(transports)('TLS over %s', (transport) => {
  it('carries a conversation, and says what was agreed on', async () => {
    const { connect, logged, agreed, failures } = await start(transport, {});
    const client = await connect({ ca: authority.cert });
    expect([agreed(), failures()]).toEqual([{ '1.3': 1 }, []]);
    expect(await client.register('alice')).toEqual({ status: 1 });
    expect(await client.login('alice')).toEqual({ status: 8, unread: 0 });
    expect(await client.send('alice', 'hi')).toEqual({ status: 24 });
    expect((await client.messages.next()).value).toMatchObject({ body: 'hi' });
    expect(logged.join('')).toContain('"version":"TLSv1.3"');
  });

  it('is optional where the server says so', async () => {
    const { connect } = await start(transport, { mode: 'optional' });
    for (const tls of [undefined, { ca: authority.cert }]) {
      const client = await connect(tls);
      expect(await client.search('nobody')).toMatchObject({ status: 17 });
    }
  });

  it('trusts a certificate by its fingerprint alone', async () => {
    const made = await makeCertificate({ names: ['chat.example.org'], days: 1 });
    const { connect } = await start(transport, { certificate: made });
    const client = await connect({ fingerprint: made.fingerprint.toLowerCase() });
    expect(await client.register('alice')).toEqual({ status: 1 });
    const [code, message] = await failure(connect({ fingerprint: '00'.repeat(32) }));
    expect(code).toBe('tls-failed');
    expect(message).toContain(`another fingerprint (${made.fingerprint})`);
  });

  it('trusts a certificate that signs itself, where it is known', async () => {
    const made = await makeCertificate({ names: ['localhost'], days: 1 });
    const { connect } = await start(transport, { certificate: made });
    await connect({ ca: made.cert });
    const [, message] = await failure(connect({ ca: made.cert }, 'chat.example.org'));
    expect(message).toContain('for another name than chat.example.org (DNS:localhost)');
  });

  it('takes clients by their certificates', async () => {
    const { connect } = await start(transport, { clients: 'required' });
    const mine = await authority.issue({ use: 'client' });
    const client = await connect({ ca: authority.cert, ...mine });
    expect(await client.register('alice')).toEqual({ status: 1 });
  });

  it('gives new connections a new certificate, and lets others go on', async () => {
    const { connect, renew } = await start(transport, {});
    const client = await connect({ ca: authority.cert });
    await renew(await other.issue());
    expect((await failure(connect({ ca: authority.cert })))[0]).toBe('tls-failed');
    expect(await (await connect({ ca: other.cert })).search('nobody')).toMatchObject({
      status: 17,
    });
    await expect(renew({ ...good, key: (await other.issue()).key })).rejects.toThrow(
      'does not belong to the certificate',
    );
    expect(await (await connect({ ca: other.cert })).search('nobody')).toMatchObject({
      status: 17,
    });
    expect(await client.register('alice')).toEqual({ status: 1 });
  });

  const trusted = () => ({ ca: authority.cert });
  const cases: readonly (readonly [
    what: string,
    server: () => Promise<ServerOptions | undefined>,
    client: () => Promise<ClientTls | undefined>,
    said: RegExp,
    logged: RegExp,
    counted?: HandshakeFailureKind,
  ])[] = [
    [
      'another name',
      async () => ({ certificate: await authority.issue({ names: ['chat.example.org'] }) }),
      async () => trusted(),
      /for another name than localhost \(DNS:chat\.example\.org\); is the host right/,
      /the client left/,
      'left',
    ],
    [
      'an expired certificate',
      async () => ({ certificate: await authority.issue({ days: -1 }) }),
      async () => trusted(),
      /has expired; does the server have a new one/,
      /perhaps as it does not trust this server's certificate/,
      'left',
    ],
    [
      'a certificate that is not valid yet',
      async () => ({ certificate: await authority.issue({ fromDays: 1 }) }),
      async () => trusted(),
      /is not valid yet; is the clock of this machine right/,
      /perhaps as it does not trust this server's certificate/,
      'left',
    ],
    [
      'another authority',
      async () => ({ certificate: await other.issue() }),
      async () => trusted(),
      /not signed by an authority that this client trusts; .*--tls-ca/,
      /perhaps as it does not trust this server's certificate/,
      'left',
    ],
    [
      'a client without TLS',
      async () => ({}),
      async () => undefined,
      /it speaks TLS; should --tls be added\?/,
      /it speaks no TLS, which this server requires/,
      'notTls',
    ],
    [
      'a client without TLS, which would have to show a certificate',
      async () => ({ mode: 'optional', clients: 'required' }),
      async () => undefined,
      /it speaks TLS; should --tls be added\?/,
      /it speaks no TLS, which this server requires/,
      'notTls',
    ],
    [
      'a server without TLS',
      async () => undefined,
      async () => trusted(),
      /it does not speak TLS; is the port right, and should --tls be left out\?/,
      /TLS/,
    ],
    [
      'a client without a certificate',
      async () => ({ clients: 'required' }),
      async () => trusted(),
      /asks for a certificate of this client, which has none; .*--tls-cert/,
      /the client has no certificate/,
      'noClientCertificate',
    ],
    [
      'a client whose certificate is of another authority',
      async () => ({ clients: 'required' }),
      async () => ({ ...trusted(), ...(await other.issue({ use: 'client' })) }),
      /ended the connection as soon as TLS was agreed on; .*--tls-cert/,
      /the client's certificate is not taken/,
      'clientCertificate',
    ],
    [
      'a client whose certificate is one of a server',
      async () => ({ clients: 'required' }),
      async () => ({ ...trusted(), ...(await authority.issue()) }),
      /ended the connection as soon as TLS was agreed on; .*--tls-cert/,
      /the client's certificate is not taken \(INVALID_PURPOSE\)/,
      'clientCertificate',
    ],
    [
      'a client whose certificate has expired',
      async () => ({ clients: 'required' }),
      async () => ({ ...trusted(), ...(await authority.issue({ use: 'client', days: -1 })) }),
      /ended the connection as soon as TLS was agreed on; .*--tls-cert/,
      /the client's certificate is not taken \(CERT_HAS_EXPIRED\)/,
      'clientCertificate',
    ],
    [
      'a client whose certificate need not be, and is of another authority',
      async () => ({ clients: 'optional' }),
      async () => ({ ...trusted(), ...(await other.issue({ use: 'client' })) }),
      /ended the connection as soon as TLS was agreed on; .*--tls-cert/,
      /the client's certificate is not taken/,
      'clientCertificate',
    ],
  ];

  it.each(cases)('says on both sides why not: %s', async (...row) => {
    const [_, server, client, said, reason, counted] = row as unknown as (typeof cases)[number];
    const { connect, logged, failures } = await start(transport, await server());
    const [code, message] = await failure(connect(await client()));
    expect(message).toMatch(said);
    expect(code).toBe('tls-failed');
    await expect.poll(() => logged.join('')).toMatch(reason);
    if (counted !== undefined) expect(failures()).toContain(counted);
  });
});
