import type { ServerHttp2Stream } from 'node:http2';
import { keyOfPart } from '@tandem/core/server';
import { shortLived } from './let-go.ts';

/** Trailers as Node gives them to nghttp2. */
type EncodedTrailers = readonly [text: string, count: number];

/** The part of Node's handle of a stream that sends trailers. */
interface StreamHandle {
  trailers(encoded: EncodedTrailers): number;
}

/** The trailers of a call that was answered, once Node has encoded them. */
let encodedOk: EncodedTrailers | undefined;
let handleKey: symbol | undefined;

// Calls of a connection up to which each is answered in one write. With more, the client gains more by
// reading the responses while the server makes the status of each.
const callsMax = 16;

/**
 * Lets the response of a unary call and its status leave in one write. Does nothing where this version of
 * Node.js has the handle of a stream elsewhere: then the status follows in a later turn.
 *
 * grpc-js hands over the status when HTTP/2 has accepted the response, and Node sends trailers from an
 * immediate, to be off the stack of nghttp2. So they would leave in the turn of the event loop after the
 * response, with a write of their own. nghttp2 takes trailers when it has read the last byte of the response,
 * which is when Node asks for them. See docs/decisions/0052-a-unary-call-is-answered-in-one-write.md.
 *
 * @param calls the open calls of its connection
 * @param call is told while the stream has ended and its status has not left
 */
export function answerInOneWrite(
  stream: ServerHttp2Stream,
  calls: { readonly size: number },
  call: { statusIsDue: boolean },
): void {
  if (handleOf(stream) === undefined) return;
  stream._write = shortLived((chunk, encoding, callback) => {
    const isOne = calls.size <= callsMax;
    original(stream)._write.call(stream, chunk, encoding, isOne ? ignore : callback);
    if (!isOne) return;
    call.statusIsDue = true;
    stream.once('wantTrailers', () => {
      call.statusIsDue = false;
    });
    // The only message of the call counts as accepted: then grpc-js ends the stream before HTTP/2 writes.
    callback();
  });
  stream.sendTrailers = sendTrailersAtOnce;
}

function sendTrailersAtOnce(this: ServerHttp2Stream, trailers: object): void {
  const handle = handleOf(this);
  const isOk = saysOk(trailers);
  if (handle !== undefined && isOk) {
    if (encodedOk !== undefined && handle.trailers(encodedOk) >= 0) return;
    learn(handle);
  }
  original(this).sendTrailers.call(this, trailers as Trailers);
}

/** Keeps the next trailers as Node encodes them. */
function learn(handle: StreamHandle): void {
  const { trailers } = handle;
  handle.trailers = (encoded) => {
    encodedOk = encoded;
    return trailers.call(handle, encoded);
  };
}

/** The trailers of grpc-js. */
type Trailers = Record<string, string | number>;

function saysOk(trailers: object): boolean {
  const { 'grpc-status': status, 'grpc-message': message, ...others } = trailers as Trailers;
  return status === 0 && message === 'OK' && Object.keys(others).length === 0;
}

/** Node's own methods. */
function original(stream: ServerHttp2Stream): ServerHttp2Stream {
  return Object.getPrototypeOf(stream);
}

function handleOf(stream: ServerHttp2Stream): StreamHandle | undefined {
  handleKey ??= keyOfPart(stream, 'kHandle');
  const handles = stream as unknown as Record<symbol, StreamHandle | undefined>;
  return handleKey && handles[handleKey];
}

// One for all calls.
function ignore(): void {}
