import { createServer } from 'node:net';
import {
  type Client,
  status as GrpcStatus,
  Metadata,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServiceDefinition,
  type StatusObject,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedRecipient, echoedSender, searchedName } from '../echo/echo-operations.ts';
import { listen } from '../echo/echo-server.ts';
import type { Lane, LaneServer, Target, Workload } from '../lane.ts';
import { connectStub, echoHandlers, echoService, lane as grpcEcho } from './grpc-echo.ts';

/** Options of grpc-js that save work on each call. */
export const tunedClientOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_http_proxy': 0,
} as const;

/**
 * Starts a grpc-js server without channelz, behind a TCP server of our own, as our own server is: without
 * channelz grpc-js forgets the connections that it would have to end.
 */
export function startTunedService(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
  interceptors: ServerInterceptor[] = [],
): Promise<LaneServer> {
  const server = new Server({ 'grpc.enable_channelz': 0, interceptors });
  server.addService(service, handlers);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const tcp = createServer({ noDelay: true }, (socket) => {
    injector.injectConnection(socket);
  });
  return listen(tcp);
}

/** The floor of a unary call with every means that our own client and server use. */
export const lane: Lane = {
  ...grpcEcho,
  name: 'grpc-echo-tuned',
  title: 'grpc-js unary echo, tuned',
  description:
    'The bare unary echo with retries and channelz off; calls are made on the channel, without the interceptors and events of a stub, as our own client does.',
  baselines: ['grpc-echo'],
  settings: {
    ...grpcEcho.settings,
    deadlines: 'no deadline for a call; retries off',
    otherOptions:
      'retries, channelz, HTTP proxy and service config off; a subchannel pool of its own for each client; calls on the channel, without a stub; a promise for each operation',
  },
  startServer: () => startTunedService(echoService(), echoHandlers),
  connect: async (target: Target) =>
    new ChannelEchoClient(await connectStub(echoService(), target, tunedClientOptions)),
};

type Channel = ReturnType<Client['getChannel']>;
type Listener = Parameters<ReturnType<Channel['createCall']>['start']>[1];

interface Method {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

class ChannelEchoClient extends EchoLaneClient {
  readonly #stub: Client;

  constructor(stub: Client) {
    super();
    this.#stub = stub;
  }

  operation(workload: Workload): () => Promise<void> {
    const { Search, Send } = echoService();
    if (workload.kind === 'search') {
      const isExpected = (response: object) =>
        (response as { results: string[] }).results[0] === searchedName;
      return () => this.#call(Search as unknown as Method, { query: searchedName }, isExpected);
    }
    const { body } = workload;
    const isExpected = (response: object) =>
      (response as { body: string }).body.length === body.length;
    const request = { sender: echoedSender, recipient: echoedRecipient, body };
    return () => this.#call(Send as unknown as Method, request, isExpected);
  }

  close(): Promise<void> {
    this.#stub.close();
    return Promise.resolve();
  }

  #call(method: Method, request: object, isExpected: (response: object) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = this.#stub
        .getChannel()
        .createCall(method.path, Number.POSITIVE_INFINITY, null, null, null);
      call.start(new Metadata(), new EchoCall(method, isExpected, resolve, reject));
      call.sendMessageWithContext({}, method.requestSerialize(request));
      call.halfClose();
      call.startRead();
    });
  }
}

/** Handles one call. */
class EchoCall implements Listener {
  readonly #method: Method;
  readonly #isExpected: (response: object) => boolean;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #right = false;

  constructor(
    method: Method,
    isExpected: (response: object) => boolean,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.#method = method;
    this.#isExpected = isExpected;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onReceiveMetadata(_metadata: Metadata): void {}

  onReceiveMessage(bytes: Buffer): void {
    this.#right = this.#isExpected(this.#method.responseDeserialize(bytes));
  }

  onReceiveStatus({ code, details }: StatusObject): void {
    if (code === GrpcStatus.OK && this.#right) this.#resolve();
    else this.#reject(new Error(details || 'the echo is not what was sent'));
  }
}
