import { createServer } from 'node:http2';
import { create, createFileRegistry, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient, type Transport } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  createConnectTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { Status } from '@tandem/core';
import { loadContract } from '@tandem/protos';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import {
  echoedCharsMax,
  echoedRecipient,
  echoedSender,
  searchedName,
} from '../echo/echo-operations.ts';
import { listen, listenBacklog, serviceless } from '../echo/echo-server.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';
import { headerCompression } from './header-compression.ts';

/** Of Connect over HTTP/2, whichever protocol it speaks. */
export const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides (HTTP/2 sessions of Node.js set it)',
  writes: 'as Node.js sends HTTP/2 frames; those that are ready together leave together',
  deadlines: 'no deadline for a call; no retries',
  keepalive: 'none: no PING unless asked for; an idle connection is closed after 15 minutes',
  compression: `${headerCompression}; Connect: messages below 1 KiB are not compressed, as by default`,
  serialization:
    'protobuf by @bufbuild/protobuf 2, binary; a search as the chat has it, a send answered with itself',
  windows: 'HTTP/2: 65,535 bytes for each stream and for the connection',
  ...serviceless,
  otherOptions: `@connectrpc/connect-node 2 on both ends with default options, over node:http2 with a listen backlog of ${listenBacklog}; an HTTP/2 session of its own for each client; a client that is made from the service; a promise for each operation`,
};

/** The other implementation of RPC over HTTP/2 that TypeScript has, with its own protocol. */
export const lane: Lane = {
  name: 'connect-echo',
  title: 'Connect echo',
  description:
    'A unary call of Connect (@connectrpc/connect-node) in the Connect protocol over HTTP/2, with the messages of the chat; the server answers at once and keeps nothing.',
  kind: 'control',
  wire: 'connect-unary',
  baselines: ['grpc-echo', 'http2-echo'],
  echoedCharsMax,
  settings,
  startServer,
  connect: (target) =>
    connectEcho(target, (options) => createConnectTransport({ ...options, httpVersion: '2' })),
};

interface SearchRequest {
  readonly query: string;
}

interface MessageRequest {
  readonly sender: string;
  readonly recipient: string;
  readonly body: string;
}

/** The client that `createClient` makes of the service. */
interface EchoStub {
  search(request: SearchRequest): Promise<{ readonly results: readonly string[] }>;
  send(request: MessageRequest): Promise<MessageRequest>;
}

/**
 * The contract for Connect, with a Send that returns its request. Code that protoc-gen-es writes holds
 * the same descriptor, and nothing else that runs.
 */
function echoService(): DescService {
  const { fileDescriptorProtos } = loadContract().MessageRequest as unknown as {
    readonly fileDescriptorProtos: readonly Uint8Array[];
  };
  const files = fileDescriptorProtos.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  for (const { service } of files) {
    for (const method of service.flatMap((each) => each.method)) {
      if (method.name === 'Send') method.outputType = method.inputType;
    }
  }
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
  const service = registry.getService('MessageService');
  if (service === undefined) throw new Error('the contract has no MessageService');
  return service;
}

/** Starts a server that speaks both protocols, as Connect's servers do. */
export function startServer(): Promise<LaneServer> {
  const handler = connectNodeAdapter({
    routes: (router) => {
      router.service(echoService(), {
        search: ({ query }: SearchRequest) => ({ statusCode: Status.found, results: [query] }),
        send: (request: MessageRequest) => request,
      } as object);
    },
  });
  const server = createServer(handler);
  server.on('session', (session) => {
    session.on('error', () => {});
  });
  return listen(server, 'session');
}

/** The options of a transport of either protocol. */
interface TransportOptions {
  readonly baseUrl: string;
  readonly sessionManager: Http2SessionManager;
}

/** Connects a client that speaks the protocol of `createTransport`. */
export async function connectEcho(
  { host, port }: Target,
  createTransport: (options: TransportOptions) => Transport,
): Promise<LaneClient> {
  const baseUrl = `http://${host}:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  if ((await sessionManager.connect()) === 'error') {
    throw new Error(`cannot connect to ${baseUrl}`, { cause: sessionManager.error() });
  }
  const transport = createTransport({ baseUrl, sessionManager });
  return new ConnectEchoClient(transport, sessionManager);
}

class ConnectEchoClient extends EchoLaneClient {
  readonly #stub: EchoStub;
  readonly #sessionManager: Http2SessionManager;
  #closed = false;

  constructor(transport: Transport, sessionManager: Http2SessionManager) {
    super();
    this.#stub = createClient(echoService(), transport) as unknown as EchoStub;
    this.#sessionManager = sessionManager;
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') return () => this.#search({ query: searchedName });
    const { body } = workload;
    return () => this.#send({ sender: echoedSender, recipient: echoedRecipient, body });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#sessionManager.abort();
    return Promise.resolve();
  }

  async #search(request: SearchRequest): Promise<void> {
    this.#mustBeOpen();
    const { results } = await this.#stub.search(request);
    if (results[0] !== request.query) throw new Error('the echo of a search is not what was sent');
  }

  async #send(request: MessageRequest): Promise<void> {
    this.#mustBeOpen();
    const { body } = await this.#stub.send(request);
    if (body.length !== request.body.length) {
      throw new Error('the echo of a send is not as long as what was sent');
    }
  }

  // The session manager would open another connection.
  #mustBeOpen(): void {
    if (this.#closed) throw new Error('this client was closed');
  }
}
