import { constants, type ServerHttp2Stream } from 'node:http2';
import { status as GrpcStatus, type ServerInterceptor } from '@grpc/grpc-js';
import type { GrpcConnection } from './connections.ts';

type Call = Parameters<ServerInterceptor>[1];
type Method = Parameters<ServerInterceptor>[0];
type Listener = Parameters<Call['start']>[0];

// What a call takes in memory besides its headers, roughly, and what it takes for each byte of them:
// they are kept as Node's headers and as metadata.
const callBytes = 12 * 1024;
const bytesPerHeaderByte = 4;

// What it may take besides while its message has not come whole: a few bytes of it keep those alive
// that came with them.
const messageBytes = 20 * 1024;

/**
 * A call that is open. Its connection's account pays for it until HTTP/2 has forgotten it, which is
 * later than grpc-js's end of it: when the client has not ended its side either.
 */
export class OpenCall {
  readonly #connection: GrpcConnection;
  readonly #stream: ServerHttp2Stream;
  readonly #sinceMs = performance.now();
  #call: Call | undefined;
  #bytes: number;
  #state: 'waiting' | 'running' | 'ending' = 'waiting';
  /** Whether it may wait for its message for as long as it likes: a stream that is ours. */
  #patient = false;

  private constructor(connection: GrpcConnection, stream: ServerHttp2Stream, bytes: number) {
    this.#connection = connection;
    this.#stream = stream;
    this.#bytes = bytes;
    connection.calls.add(this);
    connection.allowance.update();
    stream.once('close', () => this.#closed());
  }

  /** Opens a call; undefined when its connection may not hold another one. */
  static open(
    connection: GrpcConnection,
    stream: ServerHttp2Stream,
    headerBytes: number,
  ): OpenCall | undefined {
    const bytes = callBytes + messageBytes + bytesPerHeaderByte * headerBytes;
    return connection.account.take(bytes) ? new OpenCall(connection, stream, bytes) : undefined;
  }

  /** grpc-js has made a call of it. */
  started(call: Call, method: Method): void {
    this.#call = call;
    this.#patient = method.requestStream && method.path.startsWith('/MessageService/');
    const start = call.start.bind(call);
    call.start = (listener) => start(new ArrivalListener(listener, method.requestStream, this));
  }

  /** Looks after a call once in a while: ends what has waited too long, and what only one side ended. */
  look(nowMs: number, messageTimeoutMs: number): void {
    const late = !this.#patient && nowMs - this.#sinceMs >= messageTimeoutMs;
    if (this.#state === 'waiting' && late) {
      this.#call?.sendStatus({
        code: GrpcStatus.DEADLINE_EXCEEDED,
        details: `the message did not come within ${messageTimeoutMs / 1000} s`,
      });
    }
    if (!this.#stream.writableEnded) return;
    if (this.#state === 'ending') this.#stream.close(constants.NGHTTP2_NO_ERROR);
    // A client that does as it should ends its side by the next time.
    this.#state = 'ending';
  }

  /** All has come that its handler waits for. */
  arrived(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'running';
    this.#bytes -= messageBytes;
    this.#connection.account.give(messageBytes);
  }

  #closed(): void {
    this.#connection.calls.delete(this);
    this.#connection.allowance.update();
    this.#connection.account.give(this.#bytes);
  }
}

/** Passes everything on, and says when all has come that a handler waits for. */
class ArrivalListener {
  readonly #listener: Listener;
  readonly #streams: boolean;
  readonly #call: OpenCall;

  constructor(listener: Listener, streams: boolean, call: OpenCall) {
    this.#listener = listener;
    this.#streams = streams;
    this.#call = call;
  }

  onReceiveMetadata(metadata: Parameters<Listener['onReceiveMetadata']>[0]): void {
    this.#listener.onReceiveMetadata(metadata);
  }

  onReceiveMessage(message: unknown): void {
    if (this.#streams) this.#call.arrived();
    this.#listener.onReceiveMessage(message);
  }

  onReceiveHalfClose(): void {
    this.#call.arrived();
    this.#listener.onReceiveHalfClose();
  }

  onCancel(): void {
    this.#listener.onCancel();
  }
}
