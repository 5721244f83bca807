import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { status as GrpcStatus, type ServerInterceptor } from '@grpc/grpc-js';
import { type Scheduler, turnCost } from '@tandem/chat';
import { Status } from '@tandem/core';
import { intercept } from '../calls/call-hooks.ts';
import { forgetOrigin, neededHeaders } from '../calls/needed-headers.ts';
import { OpenCall } from '../calls/open-call.ts';
import { type CallError, callErrorOf } from '../calls/refusal.ts';
import type { GrpcServerLimits } from '../options.ts';
import { type Connection, headersTooLong } from './connection.ts';
import type { CallHandler, StreamEvent, StreamHandler } from './http2-server.ts';

/** The limits of a call before grpc-js sees it; see {@link GrpcServerLimits}. */
type CallLimits = Pick<
  GrpcServerLimits,
  'metadataBytesMax' | 'messageTimeoutMs' | 'requestBytesMax'
>;

// The headers of a client that has not acknowledged the limits of HTTP/2 yet, which it may exceed.
const headerBytesMaxUnacknowledged = 16_384;

// The longest message of a call on the wire, with all that is around it, rounded up.
const messageBytesMax = 5_120;

/** A call as grpc-js gets it. */
type CallEvent = Parameters<CallHandler>;

/**
 * The gate between HTTP/2 and grpc-js. It refuses calls that are too large, compressed, or beyond the
 * memory of their connection, drops the headers that nobody reads, counts the calls that are open, and ends
 * those whose message does not come.
 */
export class CallGate {
  readonly #limits: CallLimits;
  readonly #scheduler: Scheduler;
  readonly #connections = new WeakMap<ServerHttp2Session, Connection>();
  /** The connection that grpc-js gets next. */
  #expected: Connection | undefined;
  #handler: CallHandler = () => {};
  /** The call that grpc-js gets at this moment. */
  #starting: OpenCall | undefined;

  constructor(limits: CallLimits, scheduler: Scheduler) {
    this.#limits = limits;
    this.#scheduler = scheduler;
  }

  /** Opens the gate: calls that are let in go to `handler`. */
  open(handler: CallHandler): void {
    this.#handler = handler;
  }

  /** Expects the HTTP/2 session of this connection next. */
  expect(connection: Connection): void {
    this.#expected = connection;
  }

  /** Takes the HTTP/2 session of the expected connection. */
  begin(session: ServerHttp2Session): void {
    const connection = this.#expected;
    if (connection === undefined) throw new Error('nobody expected this HTTP/2 session');
    this.#expected = undefined;
    connection.beginHttp2(session);
    this.#connections.set(session, connection);
    // grpc-js reads the addresses of both ends from it; Node's wrapper of a paced socket has none.
    if (connection.paced) Object.defineProperty(session, 'socket', { value: connection.socket });
  }

  /** Tells each open call its call of grpc-js. */
  get interceptor(): ServerInterceptor {
    return intercept((method, call) => this.#starting?.started(call, method));
  }

  /** Takes a call that has come. */
  readonly receive: StreamHandler = (...event: StreamEvent) => {
    const [stream, headers, , rawHeaders] = event;
    const session = stream.session as ServerHttp2Session | undefined;
    // Until grpc-js has it, nobody else listens for its errors.
    stream.on('error', ignore);
    if (session === undefined || stream.destroyed) return;
    const connection = this.#connections.get(session);
    if (connection === undefined || connection.ending) return;
    const admission = connection.allowance.admit();
    if (admission !== 'admitted') {
      connection.endAtOnce(
        'it makes more calls than it may before it has acknowledged their limit',
        admission === 'flood',
      );
      return;
    }
    const headerBytes = textBytes(rawHeaders);
    connection.flood.useful(headerBytes + messageBytesMax);
    if (headerBytes > headerBytesMaxUnacknowledged) {
      connection.calmDown(headersTooLong);
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
      forgetOrigin(stream);
      this.#admit(connection, call, [stream, neededHeaders(headers)]);
    }
  };

  #admit(connection: Connection, call: OpenCall, event: CallEvent): void {
    call.admit(this.#limits.requestBytesMax);
    if (this.#scheduler.mayBegin(connection)) {
      this.#start(connection, call, event);
    } else {
      this.#startLater(connection, call, event);
    }
  }

  #start(connection: Connection, call: OpenCall, event: CallEvent): void {
    this.#scheduler.charge(turnCost.call, connection);
    this.#starting = call;
    try {
      this.#handler(...event);
    } finally {
      this.#starting = undefined;
    }
  }

  #startLater(connection: Connection, call: OpenCall, event: CallEvent): void {
    const [stream] = event;
    const start = () => {
      stream.off('close', forget);
      // It may have ended in this turn, before this: grpc-js would respond to it all the same, and Node throws.
      if (!stream.closed) this.#start(connection, call, event);
    };
    const turn = this.#scheduler.defer(connection, start);
    const forget = () => turn.cancel();
    stream.on('close', forget);
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

function textBytes(rawHeaders: readonly string[]): number {
  let bytes = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    // What HTTP/2 itself needs is no metadata.
    if (!name.startsWith(':')) bytes += name.length + (rawHeaders[i + 1] as string).length;
  }
  return bytes;
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
