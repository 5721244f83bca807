import { constants, type ServerHttp2Stream } from 'node:http2';
import { status as GrpcStatus } from '@grpc/grpc-js';
import type { MemoryAccount, PlacedSet, TeardownQueue } from '@tandem/core/server';
import type { CallAllowance } from './call-allowance.ts';
import type { CallListener, InterceptedCall, Method } from './call-hooks.ts';
import { CallInput } from './call-input.ts';
import { answerInParts } from './in-parts.ts';
import { letGoOfStream, shortLived } from './let-go.ts';
import { loginPaths } from './login-paths.ts';
import { answerInOneWrite } from './one-write.ts';

/** The connection of a call. */
interface CallOwner {
  readonly account: Pick<MemoryAccount, 'take' | 'charge' | 'give'>;
  readonly allowance: Pick<CallAllowance, 'arrived' | 'update'>;
  readonly teardown: TeardownQueue;
  readonly calls: PlacedSet<OpenCall>;
  messageBytesCame(bytes: number): void;
  partCame(): void;
  /** The number of them whose message is due and has not come. */
  callsWaiting: number;
  /** The number of them that are streams. */
  callsStaying: number;
  /** The time when its client last took a response that had waited, or a part of one. */
  tookAtMs: number;
  /** Notes that its client has taken a part of a response. */
  took(): void;
}

// The memory of a call besides its headers, roughly, and that of each byte of them, which Node keeps until V8
// collects the old generation.
const callBytes = 12 * 1024;
const bytesPerHeaderByte = 4;

// The memory that it may take besides until its message has come whole: a few bytes of it keep those
// alive that came with them.
const messageBytes = 20 * 1024;

/** The units of a `TeardownQueue` that the end of a call takes, some 40 µs. */
export const callTeardownUnits = 2;

/**
 * A call that is open. The account of its connection pays for it until HTTP/2 drops it, which is when
 * both sides have ended it, and later than its end in grpc-js.
 */
export class OpenCall {
  readonly #connection: CallOwner;
  readonly #stream: ServerHttp2Stream;
  readonly #sinceMs = performance.now();
  place = 0;
  /** True while HTTP/2 has a response to write whose status follows in the same write. */
  statusIsDue = false;
  #call: InterceptedCall | undefined;
  #input: CallInput | undefined;
  #bytes: number;
  #state: 'waiting' | 'running' | 'ending' = 'waiting';
  /** True when its message has come, or may come whenever the client likes. */
  #heard = false;
  /** True when it may wait for its messages without limit: it is a stream of ours. */
  #patient = false;
  #stays = false;
  /** True when its writer looks after what waits in it. */
  #hasWriter = false;
  #statusIsTold = false;
  /** The time when what waits for its client was first seen to wait; undefined while nothing does. */
  #unreadSinceMs: number | undefined;

  private constructor(connection: CallOwner, stream: ServerHttp2Stream, bytes: number) {
    this.#connection = connection;
    this.#stream = stream;
    this.#bytes = bytes;
    connection.calls.add(this);
    connection.callsWaiting++;
    connection.allowance.update();
    stream.once('close', () => this.#closed());
  }

  /** Opens a call; returns undefined when its connection has no memory for it. */
  static open(
    connection: CallOwner,
    stream: ServerHttp2Stream,
    headerBytes: number,
  ): OpenCall | undefined {
    const bytes = callBytes + messageBytes + bytesPerHeaderByte * headerBytes;
    return connection.account.take(bytes) ? new OpenCall(connection, stream, bytes) : undefined;
  }

  /** Lets it in: from now on, what comes on its stream is for grpc-js. @param messageBytesMax the longest message */
  admit(messageBytesMax: number): void {
    this.#input = new CallInput(this.#stream, this.#connection, messageBytesMax);
  }

  /** Takes the call that grpc-js has made of it. */
  started(call: InterceptedCall, method: Method): void {
    this.#call = call;
    const isOurs = method.path.startsWith('/MessageService/');
    this.#patient = method.requestStream && isOurs;
    if (method.requestStream || method.responseStream) {
      this.#stays = true;
      this.#hasWriter = isOurs;
      this.#connection.callsStaying++;
      this.#connection.allowance.update();
    } else if (loginPaths.has(method.path)) {
      answerInParts(this.#stream, call, () => this.#connection.took());
    } else {
      answerInOneWrite(this.#stream, this.#connection.calls, this);
    }
    if (this.#patient) this.#isHeard();
    const start = call.start.bind(call);
    call.start = shortLived((listener) =>
      start(new ArrivalListener(listener, method.requestStream, this)),
    );
    // At a second status grpc-js takes the call for over, though its response may still wait for the client.
    const sendStatus = call.sendStatus.bind(call);
    call.sendStatus = shortLived((status) => {
      if (this.#statusIsTold) return;
      this.#statusIsTold = true;
      sendStatus(status);
    });
  }

  /**
   * Ends the call if it has waited too long, or if only the server has ended it. To be called now and then.
   * It ends in its turn: one look finds all calls that are late.
   */
  look(nowMs: number, messageTimeoutMs: number): void {
    this.#input?.look();
    const { teardown } = this.#connection;
    const late = !this.#patient && nowMs - this.#sinceMs >= messageTimeoutMs;
    if (this.#state === 'waiting' && late) {
      teardown.run(() => this.#messageIsLate(messageTimeoutMs), callTeardownUnits);
    }
    if (!this.#stream.writableEnded || this.statusIsDue) return;
    if (this.#state === 'ending') {
      teardown.run(() => this.#stream.close(constants.NGHTTP2_NO_ERROR), callTeardownUnits);
    }
    // A correct client ends its side before the next call.
    this.#state = 'ending';
  }

  /**
   * Tells whether the client has let its response wait for so long, and has taken none that waited meanwhile.
   * To be called now and then.
   */
  isUnread(nowMs: number, drainTimeoutMs: number): boolean {
    if (this.#hasWriter) return false;
    if (!this.statusIsDue && this.#stream.writableLength === 0) {
      this.#isRead(nowMs);
      return false;
    }
    this.#unreadSinceMs ??= nowMs;
    return nowMs - Math.max(this.#unreadSinceMs, this.#connection.tookAtMs) >= drainTimeoutMs;
  }

  /** Notes that the client has taken what waited for it, if anything did. */
  #isRead(nowMs: number): void {
    if (this.#unreadSinceMs === undefined) return;
    this.#unreadSinceMs = undefined;
    this.#connection.tookAtMs = nowMs;
  }

  #messageIsLate(messageTimeoutMs: number): void {
    // It may have come, or be told already.
    if (this.#state !== 'waiting' || this.#stream.writableEnded) return;
    this.#call?.sendStatus({
      code: GrpcStatus.DEADLINE_EXCEEDED,
      details: `the message did not come within ${messageTimeoutMs / 1000} s`,
    });
  }

  /** Notes that all has come that the handler waits for. */
  arrived(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'running';
    this.#bytes -= messageBytes;
    this.#connection.account.give(messageBytes);
    this.#isHeard();
  }

  /** Counts it no more among the calls whose message does not come. */
  #isHeard(): void {
    if (this.#heard) return;
    this.#heard = true;
    this.#connection.callsWaiting--;
    this.#connection.allowance.arrived();
  }

  /** Ends it as Node.js does when its connection has ended. @param code the code of HTTP/2 for its client, if any */
  tearDown(code: number | undefined, error?: Error): void {
    if (code !== undefined) this.#stream.close(code);
    this.#stream.destroy(error);
  }

  #closed(): void {
    this.#connection.calls.delete(this);
    this.#isRead(performance.now());
    if (!this.#heard) this.#connection.callsWaiting--;
    if (this.#stays) this.#connection.callsStaying--;
    this.#connection.allowance.update();
    this.#connection.account.give(this.#bytes);
    this.#input?.close();
    this.#call = undefined;
    letGoOfStream(this.#stream);
  }
}

/**
 * Passes everything on until the call is over, and notes when all has come that a handler waits for. grpc-js
 * passes on what comes later, too: it would begin a unary call of which nothing tells the end any more.
 */
class ArrivalListener {
  readonly #listener: CallListener;
  readonly #streams: boolean;
  readonly #call: OpenCall;
  #over = false;

  constructor(listener: CallListener, streams: boolean, call: OpenCall) {
    this.#listener = listener;
    this.#streams = streams;
    this.#call = call;
  }

  onReceiveMetadata(metadata: Parameters<CallListener['onReceiveMetadata']>[0]): void {
    this.#listener.onReceiveMetadata(metadata);
  }

  onReceiveMessage(message: unknown): void {
    if (this.#over) return;
    if (this.#streams) this.#call.arrived();
    this.#listener.onReceiveMessage(message);
  }

  onReceiveHalfClose(): void {
    if (this.#over) return;
    this.#call.arrived();
    this.#listener.onReceiveHalfClose();
  }

  onCancel(): void {
    this.#over = true;
    this.#listener.onCancel();
  }
}
