import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import {
  status as GrpcStatus,
  type ServerInterceptingCall,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { type Turns, turnCost } from '@tandem/chat';
import { Status } from '@tandem/core';
import type { GrpcServerLimits } from '../options.ts';
import type { GrpcConnection } from './connections.ts';
import type { StreamEvent, StreamHandler } from './http2-server.ts';
import { OpenCall } from './open-call.ts';
import { type CallError, callErrorOf } from './refusal.ts';

/** What bounds a call before grpc-js sees it; see {@link GrpcServerLimits}. */
type CallLimits = Pick<GrpcServerLimits, 'metadataBytesMax' | 'messageTimeoutMs'>;

// What Node calls an error that nghttp2 has found, and has ended the connection for.
const nghttp2Error = 'ERR_HTTP2_ERROR';

// Before a client has acknowledged the limits of HTTP/2, it may exceed them; not by as much as this.
const headerBytesMaxUnacknowledged = 16_384;

// What the longest message of a call takes on the wire, with all that is around it, rounded up.
const messageBytesMax = 5_120;

/**
 * Stands between HTTP/2 and grpc-js: refuses what is too large, packed, or beyond what its connection
 * may hold, keeps count of the calls that are open, and ends those whose message does not come.
 */
export class CallGate {
  readonly #limits: CallLimits;
  readonly #turns: Turns;
  readonly #connections = new WeakMap<ServerHttp2Session, GrpcConnection>();
  /** The connection that grpc-js is being given. */
  #expected: GrpcConnection | undefined;
  #handler: StreamHandler = () => {};
  /** The call that grpc-js is being given. */
  #starting: OpenCall | undefined;

  constructor(limits: CallLimits, turns: Turns) {
    this.#limits = limits;
    this.#turns = turns;
  }

  /** Gives the calls that may go on to `handler`. */
  open(handler: StreamHandler): void {
    this.#handler = handler;
  }

  /** The HTTP/2 of this connection begins next. */
  expect(connection: GrpcConnection): void {
    this.#expected = connection;
  }

  /** The HTTP/2 of the connection that was expected has begun. */
  begin(session: ServerHttp2Session): void {
    const connection = this.#expected;
    if (connection === undefined) throw new Error('nobody expected this HTTP/2 session');
    this.#expected = undefined;
    connection.http2 = session;
    connection.allowance.begin();
    this.#connections.set(session, connection);
    // Asked by grpc-js for the names of both ends, which what Node wraps a paced socket in has not.
    if (connection.paced) Object.defineProperty(session, 'socket', { value: connection.socket });
    session.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === nghttp2Error) connection.brokeRules(error.message);
    });
  }

  /** Learns which call of grpc-js is which, and when its message has come. */
  get interceptor(): ServerInterceptor {
    return (method, call) => {
      this.#starting?.started(call, method);
      // grpc-js chains whatever an interceptor returns; it asks for the wrapper's type, not for one.
      return call as ServerInterceptingCall;
    };
  }

  /** A call has come. */
  readonly receive: StreamHandler = (...event: StreamEvent) => {
    const [stream, headers, , rawHeaders] = event;
    const session = stream.session as ServerHttp2Session | undefined;
    // Until grpc-js has it, nobody else hears of its errors.
    stream.on('error', ignore);
    if (session === undefined || stream.destroyed) return;
    const connection = this.#connections.get(session);
    if (connection === undefined || connection.ending) return;
    const headerBytes = textBytes(rawHeaders);
    connection.flood.useful(headerBytes + messageBytesMax);
    if (headerBytes > headerBytesMaxUnacknowledged) {
      connection.calmDown('its headers are too large');
      return;
    }
    // Its reset came with it.
    if (stream.closed) return;
    const call = OpenCall.open(connection, stream, headerBytes);
    const refusal = this.#refusalOf(headers, headerBytes);
    if (call === undefined) {
      refuse(stream, callErrorOf(Status.tooBusy) as CallError);
    } else if (refusal !== undefined) {
      refuse(stream, refusal);
    } else {
      this.#admit(connection, call, event);
    }
  };

  #admit(connection: GrpcConnection, call: OpenCall, event: StreamEvent): void {
    const [stream, headers] = event;
    if (isTooLong(headers['grpc-timeout'])) delete headers['grpc-timeout'];
    stream.push = pushInPieces;
    if (this.#turns.hasTime && !this.#turns.crowded) {
      this.#start(call, event);
    } else {
      this.#startLater(connection, call, event);
    }
  }

  #start(call: OpenCall, event: StreamEvent): void {
    this.#turns.charge(turnCost.call);
    this.#starting = call;
    try {
      this.#handler(...event);
    } finally {
      this.#starting = undefined;
    }
  }

  #startLater(connection: GrpcConnection, call: OpenCall, event: StreamEvent): void {
    const [stream] = event;
    const start = () => {
      stream.off('close', forget);
      this.#start(call, event);
    };
    const forget = () => this.#turns.cancel(connection, start);
    stream.on('close', forget);
    this.#turns.wait(connection, start);
  }

  #refusalOf(headers: StreamEvent[1], headerBytes: number): CallError | undefined {
    const { metadataBytesMax } = this.#limits;
    if (headerBytes > metadataBytesMax) {
      return {
        code: GrpcStatus.RESOURCE_EXHAUSTED,
        details: `metadata may have ${metadataBytesMax} bytes`,
      };
    }
    const encoding = headers['grpc-encoding'] ?? 'identity';
    if (encoding === 'identity') return undefined;
    return {
      code: GrpcStatus.UNIMPLEMENTED,
      details: 'messages are short: send them without compression',
    };
  }
}

// grpc-js unpacks all messages of what it is given at once, and keeps them: of 16 KiB, thousands.
const pieceBytes = 1_024;

// A piece this much shorter than the memory that it lies in is copied out of it.
const spareBytesMax = 16_384;

/** Takes what came on a stream in pieces, of which the stream is paused behind any. */
function pushInPieces(this: Readable, chunk: Buffer | null): boolean {
  const push = Readable.prototype.push;
  if (chunk === null) return push.call(this, null);
  if (chunk.buffer.byteLength - chunk.length > spareBytesMax) chunk = Buffer.from(chunk);
  let at = 0;
  for (; at + pieceBytes < chunk.length; at += pieceBytes) {
    push.call(this, chunk.subarray(at, at + pieceBytes));
  }
  return push.call(this, at === 0 ? chunk : chunk.subarray(at));
}

function textBytes(rawHeaders: readonly string[]): number {
  let bytes = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    // What HTTP/2 itself needs is no metadata.
    if (!name.startsWith(':')) bytes += name.length + (rawHeaders[i + 1] as string).length;
  }
  return bytes;
}

const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = {
  H: hourMs,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};
const timerMsMax = 2 ** 31 - 1;

/**
 * Tells whether a timeout is longer than a timer of Node's can be, 24 days. grpc-js would make a
 * timer of it all the same, which ends at once, with a warning on standard error.
 */
function isTooLong(timeout: string | string[] | undefined): boolean {
  if (timeout === undefined) return false;
  const [, count = '', unit = ''] = /(\d{1,8})\s*([HMSmun])/.exec(String(timeout)) ?? [];
  return Number(count) * (unitMs[unit] ?? 0) > timerMsMax;
}

// One for all streams.
function ignore(): void {}

/** Ends a call that grpc-js has not seen. */
function refuse(stream: ServerHttp2Stream, { code, details }: CallError): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc+proto',
      'grpc-accept-encoding': 'identity',
      'grpc-status': code,
      'grpc-message': encodeURI(details),
    },
    { endStream: true },
  );
  // Nobody waits for the client to end its side: when it has all calls that it may have, Node would
  // count this one until the next turn, and reset the call that takes its place. [RFC 9113, 8.1]
  stream.close(constants.NGHTTP2_NO_ERROR);
}
