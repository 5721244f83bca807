import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { type ClientFrame, loadMessageService } from '@tandem/protos';

/** The result of a call, as HTTP/2 shows it. */
export interface RawResponse {
  readonly headers: IncomingHttpHeaders;
  /** The gRPC status; undefined when the stream ended without one. */
  readonly grpcStatus: number | undefined;
  readonly bytes: Buffer;
}

/** An HTTP/2 connection that speaks gRPC by hand, and can break its rules. */
export class RawSession {
  readonly session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.session = session;
    session.on('error', () => {});
  }

  /** @param windowBytes the window that each stream begins with: how much it takes unread */
  static async connect(port: number, windowBytes = 65_535): Promise<RawSession> {
    const session = connect(`http://127.0.0.1:${port}`, {
      settings: { initialWindowSize: windowBytes },
    });
    const raw = new RawSession(session);
    await once(session, 'remoteSettings');
    return raw;
  }

  get closed(): Promise<void> {
    if (this.session.destroyed) return Promise.resolve();
    return new Promise((resolve) => this.session.once('close', () => resolve()));
  }

  destroy(): void {
    this.session.destroy();
  }

  /** A UsernameRequest. */
  username(username: string): Buffer {
    return loadMessageService().Register.requestSerialize({ username });
  }

  /** A SearchRequest. */
  query(query: string): Buffer {
    return loadMessageService().Search.requestSerialize({ query });
  }

  /** A frame of a Converse stream, with its prefix. */
  frame(frame: ClientFrame): Buffer {
    return prefixed(loadMessageService().Converse.requestSerialize(frame));
  }

  /** Resolves when the server has read everything that was said. */
  heard(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.session.ping((error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Opens a call and says nothing on it. */
  open(path: string, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
    const stream = this.session.request({
      ':method': 'POST',
      ':path': path.startsWith('/') ? path : `/MessageService/${path}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => {});
    return stream;
  }

  /** Opens a call, says one message, and half-closes. */
  start(method: string, message: Buffer, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
    const stream = this.open(method, headers);
    stream.end(prefixed(message));
    return stream;
  }

  /** A whole call, read to its end. */
  async call(
    method: string,
    message: Buffer,
    headers: OutgoingHttpHeaders = {},
  ): Promise<RawResponse> {
    return responseOf(this.start(method, message, headers));
  }
}

/** Returns the result of a call, read to its end. */
export async function responseOf(stream: ClientHttp2Stream): Promise<RawResponse> {
  let headers: IncomingHttpHeaders = {};
  let status: string | undefined;
  const chunks: Buffer[] = [];
  stream.on('response', (received) => {
    headers = received;
    status ??= received['grpc-status'] as string | undefined;
  });
  stream.on('trailers', (received) => {
    status ??= received['grpc-status'] as string | undefined;
  });
  stream.on('data', (chunk) => chunks.push(chunk));
  // As every gRPC client does: when the server has ended a call, there is nothing more to say.
  stream.on('end', () => stream.end());
  if (!stream.closed) await once(stream, 'close');
  return {
    headers,
    grpcStatus: status === undefined ? undefined : Number(status),
    bytes: Buffer.concat(chunks),
  };
}

/** The status codes of a Converse stream's frames. */
export function frameStatuses(bytes: Buffer): number[] {
  const statuses: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    const frame = loadMessageService().Converse.responseDeserialize(bytes.subarray(at + 5, end));
    statuses.push(frame.statusCode);
    at = end;
  }
  return statuses;
}

/** A gRPC message: a flag, its length, and itself. */
export function prefixed(message: Buffer, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0, 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
