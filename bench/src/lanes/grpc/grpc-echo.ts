import {
  type ChannelOptions,
  type Client,
  type ClientUnaryCall,
  connectivityState,
  credentials,
  type handleUnaryCall,
  makeClientConstructor,
  type requestCallback,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Status } from '@tandem/core';
import {
  loadMessageService,
  type MessageRequest,
  type MessageRequest__Output,
  type SearchRequest,
  type SearchRequest__Output,
  type SearchResponse,
  type SearchResponse__Output,
} from '@tandem/protos';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import {
  echoedCharsMax,
  echoedRecipient,
  echoedSender,
  searchedName,
} from '../echo/echo-operations.ts';
import { headerCompression } from '../http/header-compression.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';

const host = '127.0.0.1';

/** Of grpc-js as it comes. */
export const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides (HTTP/2 sessions of Node.js set it)',
  writes: 'as Node.js sends HTTP/2 frames; those that are ready together leave together',
  deadlines: 'no deadline for a call; retries on, as by default',
  keepalive: 'none: off by default, HTTP/2 and TCP',
  compression: headerCompression,
  serialization:
    'proto-loader (protobufjs), the options of the chat lanes; a search as the chat has it, a send answered with itself',
  windows:
    'HTTP/2: 65,535 bytes for each stream and for the connection; messages up to 4 MiB either way',
  identity: '-',
  store: '-',
  logging: 'grpc-js, errors only, as by default',
  otherOptions:
    'default options of grpc-js, channelz on among them, but for a subchannel pool of its own for each client; a generated stub, and a promise for each operation',
};

/** The floor of anything over grpc-js: a stub and a server without options, and handlers that do nothing. */
export const lane: Lane = {
  name: 'grpc-echo',
  title: 'bare grpc-js unary echo',
  description:
    'A unary call of a grpc-js stub with default options, with the messages of the chat; the server answers at once and keeps nothing.',
  kind: 'control',
  wire: 'grpc-unary',
  baselines: ['http2-echo', 'net-echo', 'framed-protobuf', 'ws-echo', 'http1-json'],
  echoedCharsMax,
  settings,
  startServer: () => startEchoService(echoService(), echoHandlers),
  connect,
};

interface EchoStub extends Client {
  search(
    request: SearchRequest,
    callback: requestCallback<SearchResponse__Output>,
  ): ClientUnaryCall;
  send(request: MessageRequest, callback: requestCallback<MessageRequest__Output>): ClientUnaryCall;
}

/** The contract's Search, and a Send whose response has as many bytes as its request. */
export function echoService() {
  const { Search, Send } = loadMessageService();
  const { requestSerialize, requestDeserialize } = Send;
  return {
    Search,
    Send: { ...Send, responseSerialize: requestSerialize, responseDeserialize: requestDeserialize },
  };
}

/** The handlers of the echo. */
export const echoHandlers: {
  readonly Search: handleUnaryCall<SearchRequest__Output, SearchResponse>;
  readonly Send: handleUnaryCall<MessageRequest__Output, MessageRequest>;
} = {
  Search: ({ request }, callback) =>
    callback(null, { statusCode: Status.found, results: [request.query] }),
  Send: ({ request }, callback) => callback(null, request),
};

/** Starts a grpc-js server with default options and nothing but this service. */
export async function startEchoService(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
): Promise<LaneServer> {
  const server = new Server();
  server.addService(service, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    async close() {
      server.forceShutdown();
    },
  };
}

async function connect(target: Target): Promise<LaneClient> {
  return new GrpcEchoClient((await connectStub(echoService(), target)) as unknown as EchoStub);
}

/**
 * Returns a stub with a connection of its own, once HTTP/2 is up; with default options unless there are
 * others.
 */
export async function connectStub(
  service: ServiceDefinition,
  { host: name, port }: Target,
  options: ChannelOptions = {},
): Promise<Client> {
  const Stub = makeClientConstructor(service, 'MessageService');
  const stub = new Stub(`${name}:${port}`, credentials.createInsecure(), {
    ...options,
    'grpc.use_local_subchannel_pool': 1,
  });
  await connected(stub);
  return stub;
}

/** Resolves when HTTP/2 is up; rejects at the first failure, where grpc-js itself would try again. */
function connected(stub: Client): Promise<void> {
  const channel = stub.getChannel();
  return new Promise((resolve, reject) => {
    const look = () => {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) {
        resolve();
      } else if (state === connectivityState.TRANSIENT_FAILURE) {
        stub.close();
        reject(new Error(`cannot connect to ${channel.getTarget()}`));
      } else {
        channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, look);
      }
    };
    look();
  });
}

class GrpcEchoClient extends EchoLaneClient {
  readonly #stub: EchoStub;

  constructor(stub: EchoStub) {
    super();
    this.#stub = stub;
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') return () => this.#search({ query: searchedName });
    const { body } = workload;
    return () => this.#send({ sender: echoedSender, recipient: echoedRecipient, body });
  }

  close(): Promise<void> {
    this.#stub.close();
    return Promise.resolve();
  }

  #search(request: { readonly query: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stub.search(request, (error, response) => {
        if (error !== null) reject(error);
        else if (response?.results[0] === request.query) resolve();
        else reject(new Error('the echo of a search is not what was sent'));
      });
    });
  }

  #send(request: { sender: string; recipient: string; body: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stub.send(request, (error, response) => {
        if (error !== null) reject(error);
        else if (response?.body.length === request.body.length) resolve();
        else reject(new Error('the echo of a send is not as long as what was sent'));
      });
    });
  }
}
