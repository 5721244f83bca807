import type { ServerHttp2Stream } from 'node:http2';

/**
 * Returns a function literal that is to be assigned to a property of a call or a stream.
 *
 * V8 takes `object.property = () => {}` for a method, and places the function in the old generation. All that
 * it refers to then stays until the old generation is collected, however soon the object is gone. A literal that
 * is an argument is placed as everything else. See
 * docs/decisions/0053-functions-of-a-call-are-not-made-old.md.
 */
export function shortLived<Method extends (...args: never[]) => unknown>(method: Method): Method {
  return method;
}

/**
 * Takes off a stream that has closed what it refers to: the call of grpc-js, its request and its response. The
 * function by which Node.js hears of its writes is in the old generation, and keeps the stream itself. Those who
 * listen for `close` hear of it all the same.
 */
export function letGoOfStream(stream: ServerHttp2Stream): void {
  // Otherwise the stream is told of each listener that goes.
  stream.removeAllListeners('removeListener');
  stream.removeAllListeners();
  stream.on('error', ignore);
  stream._write = ignore;
  stream.push = takeNothing;
}

/** The parts of the call of a unary method, which is a stream of Node.js to grpc-js. */
interface CallParts {
  call: unknown;
  metadata: unknown;
  request: unknown;
  trailingMetadata: unknown;
}

/** The same for the call of a unary method that has its response. grpc-js takes nothing from it any more. */
export function letGoOfCall(call: object): void {
  const parts = call as CallParts;
  parts.call = undefined;
  parts.metadata = undefined;
  parts.request = undefined;
  parts.trailingMetadata = undefined;
}

// One for all streams, as is the next.
function ignore(): void {}

function takeNothing(): boolean {
  return false;
}
