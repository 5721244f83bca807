import {
  type status as GrpcStatus,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Fifo } from '@tandem/core';
import {
  batchFramesOf,
  type ClientFrame__Output,
  loadMessageService,
  type Message,
  type ServerFrame,
} from '@tandem/protos';

type UnaryMethod = 'Register' | 'Login' | 'Search' | 'Send' | 'Logout' | 'Delete' | 'Acknowledge';
type Method = UnaryMethod | 'Subscribe' | 'Converse';

const unaryMethods: readonly UnaryMethod[] = [
  'Register',
  'Login',
  'Search',
  'Send',
  'Logout',
  'Delete',
  'Acknowledge',
];
const allMethods: readonly Method[] = [...unaryMethods, 'Subscribe', 'Converse'];

/** A queue whose reader waits for what has not come yet. */
class Arrivals<T> {
  readonly #arrived = new Fifo<T>();
  readonly #waiting = new Fifo<(item: T) => void>();

  get length(): number {
    return this.#arrived.length;
  }

  push(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#arrived.push(item);
    else waiter(item);
  }

  next(): Promise<T> {
    const item = this.#arrived.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** A gRPC server that does what a test tells it, call by call. */
export class ScriptedServer {
  readonly #server = new Server();
  readonly #unary = new Map(unaryMethods.map((name) => [name, new Arrivals<UnaryCall>()]));
  readonly #subscribes = new Arrivals<StreamCall<Message>>();
  readonly #converses = new Arrivals<ConverseCall>();
  port = 0;

  private constructor(methods: readonly Method[]) {
    const handlers: UntypedServiceImplementation = {};
    for (const name of methods) handlers[name] = this.#handler(name);
    this.#server.addService(loadMessageService(), handlers);
  }

  /** @param methods those that it knows; others are UNIMPLEMENTED */
  static async start(methods: readonly Method[] = allMethods): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(methods);
    scripted.port = await new Promise<number>((resolve, reject) => {
      const insecure = ServerCredentials.createInsecure();
      scripted.#server.bindAsync('127.0.0.1:0', insecure, (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    return scripted;
  }

  /** The next unary call of a method. */
  call(name: UnaryMethod): Promise<UnaryCall> {
    return this.#calls(name).next();
  }

  /** Returns the number of calls of a method that the test has not looked at. */
  waiting(name: UnaryMethod): number {
    return this.#calls(name).length;
  }

  /** The next Subscribe. */
  subscribe(): Promise<StreamCall<Message>> {
    return this.#subscribes.next();
  }

  /** The next Converse. */
  converse(): Promise<ConverseCall> {
    return this.#converses.next();
  }

  /** Answers the next login, and takes the Subscribe that follows. */
  async login(
    messages: readonly Message[] = [],
    token = 'the-token',
  ): Promise<StreamCall<Message>> {
    const login = await this.call('Login');
    login.answer({ statusCode: messages.length === 0 ? 8 : 9, messages }, token);
    return this.subscribe();
  }

  /** Says that it goes, and goes when its calls have ended. */
  goAway(): void {
    this.#server.tryShutdown(() => {});
  }

  /** Cuts every connection. */
  die(): void {
    this.#server.forceShutdown();
  }

  #calls(name: UnaryMethod): Arrivals<UnaryCall> {
    return this.#unary.get(name) as Arrivals<UnaryCall>;
  }

  #handler(name: Method): UntypedHandleCall {
    switch (name) {
      case 'Subscribe':
        return (call: ServerWritableStream<object, Message>) =>
          this.#subscribes.push(new StreamCall(call));
      case 'Converse':
        return (call: ServerDuplexStream<ClientFrame__Output, ServerFrame>) =>
          this.#converses.push(new ConverseCall(call));
      default:
        return (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) =>
          this.#calls(name).push(new UnaryCall(call, callback));
    }
  }
}

/** The server's end of a unary call. */
export class UnaryCall {
  readonly request: object;
  /** The `authorization` of a call. */
  readonly authorization: string | undefined;
  readonly #call: ServerUnaryCall<object, object>;
  readonly #callback: sendUnaryData<object>;

  constructor(call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) {
    this.request = call.request;
    this.authorization = call.metadata.get('authorization')[0]?.toString();
    this.#call = call;
    this.#callback = callback;
  }

  answer(response: object, token?: string): void {
    if (token !== undefined) {
      const metadata = new Metadata();
      metadata.set('session-token', token);
      this.#call.sendMetadata(metadata);
    }
    this.#callback(null, response);
  }

  fail(code: GrpcStatus, details = ''): void {
    this.#callback({ code, details });
  }
}

/** The server's end of a stream of messages. */
export class StreamCall<T> {
  /** Resolves when the client has cancelled it. */
  readonly cancelled: Promise<void>;
  readonly authorization: string | undefined;
  readonly #call: ServerWritableStream<object, T> | ServerDuplexStream<ClientFrame__Output, T>;

  constructor(call: ServerWritableStream<object, T> | ServerDuplexStream<ClientFrame__Output, T>) {
    this.#call = call;
    this.authorization = call.metadata.get('authorization')[0]?.toString();
    this.cancelled = new Promise((resolve) => call.on('cancelled', () => resolve()));
    call.on('error', () => {});
  }

  /** Sends initial metadata. */
  say(metadata: Metadata): void {
    this.#call.sendMetadata(metadata);
  }

  write(...messages: readonly T[]): void {
    for (const message of messages) this.#call.write(message);
  }

  end(): void {
    this.#call.end();
  }

  fail(code: GrpcStatus, details = ''): void {
    this.#call.emit('error', { code, details });
  }
}

/** The server's end of a Converse. */
export class ConverseCall extends StreamCall<ServerFrame> {
  /** The most frames of a batch that the client takes, as it has said. */
  readonly batchFramesMax: number;
  readonly #frames = new Arrivals<object | 'end'>();

  constructor(call: ServerDuplexStream<ClientFrame__Output, ServerFrame>) {
    super(call);
    this.batchFramesMax = batchFramesOf(call.metadata);
    call.on('data', (frame: ClientFrame__Output) => {
      const name = frame.request as keyof ClientFrame__Output;
      this.#frames.push({ [name]: frame[name] });
    });
    call.on('end', () => this.#frames.push('end'));
  }

  /** The next frame, without the fields that are not set; `end` when the client has half-closed. */
  read(): Promise<object | 'end'> {
    return this.#frames.next();
  }
}
