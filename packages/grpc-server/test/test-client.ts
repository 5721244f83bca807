import {
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  status as GrpcStatus,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type {
  ClientFrame,
  Message__Output,
  MessageServiceClient,
  ResumableResponse__Output,
  SearchResponse__Output,
  ServerFrame__Output,
} from '@tandem/protos';

type Response = Pick<SearchResponse__Output, 'statusCode'> &
  Partial<
    Pick<SearchResponse__Output, 'results'> &
      Pick<ResumableResponse__Output, 'messages' | 'resumeToken' | 'retryAfterSeconds'>
  >;

/** The result of a Login. */
interface Login extends Response {
  readonly token: string | undefined;
}

type UnaryMethod =
  | 'Register'
  | 'Login'
  | 'Search'
  | 'Send'
  | 'Logout'
  | 'Delete'
  | 'Acknowledge'
  | 'RegisterWithSecret'
  | 'LoginWithSecret'
  | 'Resume'
  | 'ChangeSecret'
  | 'Block'
  | 'Unblock';

type UnaryStub = (
  request: object,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response?: Response) => void,
) => ClientUnaryCall;

/** A grpc-js client that says what it is told, in whoever's name, true or not. */
export class TestClient {
  readonly stub: MessageServiceClient;

  constructor(stub: MessageServiceClient) {
    this.stub = stub;
  }

  close(): void {
    this.stub.close();
  }

  /** The response of a unary call. Rejects with the error that it ended with. */
  ask(
    method: UnaryMethod,
    request: object,
    token?: string,
    options: CallOptions = {},
  ): Promise<Login> {
    return new Promise((resolve, reject) => {
      const stub = this.stub as unknown as Record<UnaryMethod, UnaryStub>;
      const call = stub[method](request, bearer(token), options, (error, response) => {
        if (error !== null || response === undefined) reject(error);
        else resolve({ ...response, token: sessionToken });
      });
      let sessionToken: string | undefined;
      call.on('metadata', (metadata) => {
        sessionToken = metadata.get('session-token')[0]?.toString();
      });
    });
  }

  /** The status code of a unary call's response, or the name of the error that it ended with. */
  async outcome(
    method: UnaryMethod,
    request: object,
    token?: string,
    options: CallOptions = {},
  ): Promise<number | string> {
    try {
      return (await this.ask(method, request, token, options)).statusCode;
    } catch (error) {
      return statusName((error as ServiceError).code);
    }
  }

  /** Logs in. Rejects with the error that it ended with. */
  login(username: string, options: { readonly acknowledges?: boolean } = {}): Promise<Login> {
    return this.ask('Login', { username, ...options });
  }

  /** Logs in, which has to succeed, and subscribes by the session's token. */
  async enter(username: string, options: { readonly acknowledges?: boolean } = {}) {
    const login = await this.login(username, options);
    const token = login.token ?? '';
    const subscription = this.subscribe(username, token);
    return { ...login, token, subscription };
  }

  subscribe(username: string, token?: string): Incoming<Message__Output> {
    return new Incoming(this.stub.Subscribe({ username }, bearer(token)));
  }

  /** @param metadata what the client says of itself; by default nothing, as the clients before batches */
  converse(metadata = new Metadata()): Conversing {
    return new Conversing(this.stub.Converse(metadata));
  }
}

/** The server's side of a stream, as it arrives. */
export class Incoming<Item> {
  readonly call: ClientReadableStream<Item> | ClientDuplexStream<ClientFrame, Item>;
  /** The name of the status that the stream ended with, also `OK`. */
  readonly ended: Promise<string>;
  readonly #items: Item[] = [];
  #wakeUp = Promise.withResolvers<void>();
  #over = false;

  constructor(call: ClientReadableStream<Item> | ClientDuplexStream<ClientFrame, Item>) {
    this.call = call;
    const stream: NodeJS.EventEmitter = call;
    stream.on('data', (item: Item) => {
      this.#items.push(item);
      this.#wakeUp.resolve();
    });
    stream.on('error', () => {});
    this.ended = new Promise((resolve) => {
      stream.on('status', ({ code }: { code: number }) => {
        this.#over = true;
        this.#wakeUp.resolve();
        resolve(statusName(code));
      });
    });
  }

  /** The next `count` items. Rejects when the stream ends before. */
  async take(count: number): Promise<Item[]> {
    while (this.#items.length < count) {
      if (this.#over) throw new Error(`ended: ${await this.ended}, ${JSON.stringify(this.#items)}`);
      await this.#wakeUp.promise;
      this.#wakeUp = Promise.withResolvers();
    }
    return this.#items.splice(0, count);
  }

  /** Everything that comes until the stream has ended. */
  async rest(): Promise<Item[]> {
    await this.ended;
    return this.#items.splice(0);
  }
}

/** A Converse stream. */
export class Conversing extends Incoming<ServerFrame__Output> {
  readonly #call: ClientDuplexStream<ClientFrame, ServerFrame__Output>;

  constructor(call: ClientDuplexStream<ClientFrame, ServerFrame__Output>) {
    super(call);
    this.#call = call;
  }

  /** Says all of these, one after the other. */
  say(...frames: readonly ClientFrame[]): void {
    for (const frame of frames) this.#call.write(frame);
  }

  /** The statuses of the next `count` frames. */
  async statuses(count: number): Promise<number[]> {
    return (await this.take(count)).map(({ statusCode }) => statusCode);
  }

  /** Says goodbye. */
  end(): void {
    this.#call.end();
  }
}

/** The metadata of a call that says who it is by a token. */
function bearer(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/** A gRPC status by its name. */
function statusName(code: number): string {
  return GrpcStatus[code] ?? `${code}`;
}
