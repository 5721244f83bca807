import {
  type Chat,
  ChatService,
  type IdentitySettings,
  InProcessClient,
  MemoryStore,
} from '@tandem/chat';
import type { ChatClient } from '@tandem/core';
import {
  connectGrpcClient,
  type GrpcClientMode,
  type GrpcClientOptions,
} from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { TcpProxy } from '@tandem/proxy';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import type { ClientTls } from '@tandem/tls/client';
import { ServerTls } from '@tandem/tls/server';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { pino } from 'pino';
import type { Harness, HarnessLimits } from '../src/index.ts';

const logger = pino({ level: 'silent' });

/** Keeps secrets as they are: to hash one takes as long as everything else that a test does. */
const quickHasher: IdentitySettings['hasher'] = {
  hash: async (secret) => secret,
  verify: async (secret, kept) => secret === kept,
  close: async () => {},
};

/** One way to a service: how to connect a client, and how to make it die. */
interface Transport {
  connect(): Promise<ChatClient>;
  /** @param how a reset unless given; `cut` ends the connection as the kernel does for a killed process */
  kill(client: ChatClient, how?: 'reset' | 'cut'): Promise<void>;
  stop(): Promise<void>;
}

type TransportStarter = (service: Chat) => Promise<Transport>;

/** Clients that live in the service's own process. */
export async function inProcess(service: Chat): Promise<Transport> {
  return {
    connect: async () => new InProcessClient(service),
    // There is no wire to cut. Its close says nothing that a death would not.
    kill: (client) => client.close(),
    stop: async () => {},
  };
}

const place = { host: '127.0.0.1', port: 0, logger };

/** Clients over sockets, each through a proxy of its own. */
export async function overSockets(service: Chat): Promise<Transport> {
  const server = await startSocketServer({ ...place, service });
  return overWire(server, (port) => connectSocketClient({ host: '127.0.0.1', port }));
}

/** Clients over gRPC in one of its modes, each through a proxy of its own. */
export function overGrpc(
  mode: GrpcClientMode,
  options: Pick<GrpcClientOptions, 'batches'> = {},
): TransportStarter {
  return async (service) => {
    const server = await startGrpcServer({ ...place, service });
    return overWire(server, (port) =>
      connectGrpcClient({ host: '127.0.0.1', port, mode, ...options }),
    );
  };
}

/** Clients over Converse that put each request into a batch, with a search. */
export function overBatches(): TransportStarter {
  return async (service) => {
    const transport = await overGrpc('converse')(service);
    const clients = new Map<ChatClient, ChatClient>();
    return {
      ...transport,
      async connect() {
        const client = await transport.connect();
        // From its response, the client knows that the server takes batches.
        await client.search('nobody');
        const accompanied = accompany(client);
        clients.set(accompanied, client);
        return accompanied;
      },
      kill: (client, how) => transport.kill(clients.get(client) ?? client, how),
    };
  };
}

const requests = new Set<PropertyKey>(
  'register login resume changeSecret block unblock search send logout delete'.split(' '),
);

/** Returns a client that makes two searches before each request, in the same turn: the first leaves alone. */
function accompany(client: ChatClient): ChatClient {
  return new Proxy(client, {
    get(_, key) {
      const value: unknown = Reflect.get(client, key);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        for (let i = 0; requests.has(key) && i < 2; i++) client.search('nobody').catch(() => {});
        return value.apply(client, given);
      };
    },
  });
}

/** The same over TLS. */
export async function overSocketsTls(service: Chat): Promise<Transport> {
  const [tls, client] = await tlsOf();
  const server = await startSocketServer({ ...place, service, tls });
  return overWire(server, (port) => connectSocketClient({ host: 'localhost', port, tls: client }));
}

/** The same over TLS. */
export function overGrpcTls(mode: GrpcClientMode): TransportStarter {
  return async (service) => {
    const [tls, client] = await tlsOf();
    const server = await startGrpcServer({ ...place, service, tls });
    return overWire(server, (port) =>
      connectGrpcClient({ host: 'localhost', port, mode, tls: client }),
    );
  };
}

const made = TestAuthority.make().then(async (authority) => ({
  ca: authority.cert,
  ...(await authority.issue()),
}));

/** TLS of a server and of its clients, with a certificate of an authority of the tests. */
async function tlsOf(): Promise<[ServerTls, ClientTls]> {
  const { ca, cert, key } = await made;
  const { cert: certFile, key: keyFile } = filesOf({ cert, key });
  const files = { certFile, keyFile, caFile: undefined };
  return [await ServerTls.open({ ...files, mode: 'required', clientCertificates: 'off' }), { ca }];
}

interface RunningServer {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

function overWire(
  server: RunningServer,
  connect: (port: number) => Promise<ChatClient>,
): Transport {
  const proxies = new Map<ChatClient, TcpProxy>();
  return {
    async connect() {
      const { host, port } = server;
      const proxy = await TcpProxy.open({ host, port });
      const client = await connect(proxy.port);
      proxies.set(client, proxy);
      return client;
    },
    async kill(client, how = 'reset') {
      const proxy = proxies.get(client);
      proxy?.setFaults({ refuseConnections: true });
      proxy?.[how]();
    },
    async stop() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
      await server.stop();
    },
  };
}

/** Opens the services of a test, of which all have the same accounts, sessions and mailboxes. */
export type ServiceOpener = (options: {
  readonly limits: HarnessLimits;
  readonly identity: Partial<IdentitySettings>;
}) => Promise<readonly Chat[]>;

/** A harness whose clients take these transports in turn, to a service in memory. */
export function taking(...starters: readonly TransportStarter[]) {
  const harness = takingFrom(
    async (options) => [await ChatService.open({ store: new MemoryStore(), ...options })],
    ...starters,
  );
  return { ...harness, mixed: starters.length > 1 };
}

/** Registers users at a service in this process. */
function adding(service: ChatService): Pick<Harness, 'add'> {
  return {
    async add(usernames) {
      await Promise.all(usernames.map((username) => service.register(username)));
    },
  };
}

/** A harness whose clients take these transports in turn, of which each takes the next service. */
export function takingFrom(open: ServiceOpener, ...starters: readonly TransportStarter[]) {
  return {
    async start(limits: HarnessLimits): Promise<Harness> {
      const identity = { hasher: quickHasher, refusalHeldMs: 1 };
      const services = await open({ limits, identity });
      const serviceOf = (i: number) => services[i % services.length] as Chat;
      const transports = await Promise.all(starters.map((start, i) => start(serviceOf(i))));
      const [first] = services;
      const takenBy = new Map<ChatClient, Transport>();
      return {
        ...(first instanceof ChatService ? adding(first) : {}),
        async connect(place) {
          const transport = transports[place % transports.length] as Transport;
          const client = await transport.connect();
          takenBy.set(client, transport);
          return client;
        },
        async kill(client) {
          await takenBy.get(client)?.kill(client);
        },
        async stop() {
          await Promise.all(transports.map((transport) => transport.stop()));
          await Promise.all(services.map((service) => service.close()));
        },
      };
    },
  };
}
