import http2, { type Http2Server, type ServerOptions } from 'node:http2';
import { types } from 'node:util';
import { type ConnectionInjector, type Server, ServerCredentials } from '@grpc/grpc-js';
import { keyOfPart } from '@tandem/core/server';
import { firstCalls } from '../calls/call-allowance.ts';
import type { GrpcServerLimits } from '../options.ts';
import { StreamTable } from './stream-table.ts';

// A client that cancels calls does so a few at a time.
const resetBurst = 100;
const resetsPerSecond = 100;

// Headers of a call; each counts as 32 bytes more than its text. [RFC 9113, 6.5.2]
const headerPairsMax = 64;
const headerOverheadBytes = 32;

// The method, path, scheme and authority of a call are headers, too.
const pseudoHeaderBytes = 512;

/** Returns the limits of HTTP/2 that Node or nghttp2 enforces. */
export function http2Options(limits: Http2Limits): ServerOptions {
  const { streamsPerConnectionMax, metadataBytesMax } = limits;
  return {
    maxHeaderListPairs: headerPairsMax,
    streamResetBurst: resetBurst,
    streamResetRate: resetsPerSecond,
    settings: {
      maxConcurrentStreams: Math.min(firstCalls, streamsPerConnectionMax),
      maxHeaderListSize:
        metadataBytesMax + pseudoHeaderBytes + headerPairsMax * headerOverheadBytes,
    },
  };
}

/** The limits that they follow from; see {@link GrpcServerLimits}. */
type Http2Limits = Pick<GrpcServerLimits, 'streamsPerConnectionMax' | 'metadataBytesMax'>;

/** The HTTP/2 server of a grpc-js server, and the way to give it connections. */
export interface InjectableHttp2Server {
  readonly http2Server: Http2Server;
  readonly injector: ConnectionInjector;
}

/**
 * Makes the HTTP/2 server that grpc-js takes injected connections on, with options that grpc-js has
 * no names for. See docs/decisions/0017.
 *
 * grpc-js makes that server by `http2.createServer` while it makes an injector. For that moment the
 * options are completed on the way.
 *
 * @throws when grpc-js does not make its server so: it would run without the limits
 */
export function createHttp2Server(grpc: Server, options: ServerOptions): InjectableHttp2Server {
  const original = http2.createServer;
  const made: Http2Server[] = [];
  const createLimited = (theirs: ServerOptions) => {
    const settings = { ...theirs.settings, ...options.settings };
    const server = original({ ...theirs, ...options, settings });
    made.push(server);
    return server;
  };
  http2.createServer = createLimited as typeof http2.createServer;
  let injector: ConnectionInjector;
  try {
    injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  } finally {
    http2.createServer = original;
  }
  const [http2Server] = made;
  if (http2Server === undefined || made.length > 1) {
    throw new Error(
      `this version of @grpc/grpc-js made ${made.length} HTTP/2 servers for one injector, so the limits of HTTP/2 cannot be set; use the version in package.json`,
    );
  }
  return { http2Server, injector };
}

/**
 * Puts off the end of an HTTP/2 session, whoever destroys it, Node itself included.
 *
 * @param ends called once, with the way to destroy it, the error, and the code for its client; until that is
 * done the session goes on
 * @returns the way to destroy it at once
 */
export function putOffDestroy(
  session: http2.ServerHttp2Session,
  ends: (destroy: () => void, error: Error | undefined, code: number | undefined) => void,
): http2.ServerHttp2Session['destroy'] {
  const destroy = session.destroy.bind(session);
  let waits = false;
  session.destroy = (error, code) => {
    if (waits) return;
    waits = true;
    const tells = typeof error === 'number' ? error : code;
    ends(() => destroy(error, code), error instanceof Error ? error : undefined, tells);
  };
  return destroy;
}

/** The part of Node's session that has its streams. */
interface SessionState {
  streams?: unknown;
}

/**
 * Gives a session that has no streams yet a {@link StreamTable}, in the place of Node's map. Returns false
 * where this version of Node.js keeps its streams elsewhere: then it works as before, and collections of garbage
 * take longer.
 */
export function keepStreamsApart(session: http2.ServerHttp2Session): boolean {
  const key = keyOfPart(session, 'state');
  const states = session as unknown as Record<symbol, SessionState | undefined>;
  const state = key && states[key];
  // Node's map has no prototype in common with those of programs.
  if (!types.isMap(state?.streams) || state.streams.size > 0) return false;
  state.streams = new StreamTable();
  return true;
}

/** The handler of calls of grpc-js, which reads no more of a call than this. */
export type CallHandler = (
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
) => void;

/** The handler of a server's calls. */
export type StreamHandler = (...call: StreamEvent) => void;

/** A call as Node announces it. */
export type StreamEvent = [
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
];

/**
 * Puts `gate` in the place of the handler to which grpc-js has its calls delivered, and returns that
 * handler.
 *
 * @throws when grpc-js has not exactly one
 */
export function replaceStreamHandler(server: Http2Server, gate: StreamHandler): CallHandler {
  const [handler, ...others] = server.listeners('stream') as CallHandler[];
  if (handler === undefined || others.length > 0) {
    throw new Error(
      `this version of @grpc/grpc-js has ${server.listenerCount('stream')} handlers of calls where one is expected, so calls cannot be limited; use the version in package.json`,
    );
  }
  server.removeAllListeners('stream');
  server.on('stream', gate as never);
  return handler.bind(server);
}
