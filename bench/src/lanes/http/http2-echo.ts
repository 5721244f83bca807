import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer,
  type ServerHttp2Stream,
} from 'node:http2';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedCharsMax, grpcRequestBytes } from '../echo/echo-operations.ts';
import { listen, listenBacklog, serviceless } from '../echo/echo-server.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';
import { headerCompression } from './header-compression.ts';

const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides (HTTP/2 sessions of Node.js set it)',
  writes: 'as Node.js sends HTTP/2 frames; those that are ready together leave together',
  deadlines: 'none',
  keepalive: 'none',
  compression: headerCompression,
  serialization: 'none: the response is the request’s bytes, and is only counted',
  windows: 'HTTP/2: 65,535 bytes for each stream and for the connection',
  ...serviceless,
  otherOptions: `default options of node:http2, but a listen backlog of ${listenBacklog}; connected when the server’s SETTINGS have come, as with grpc-js; a promise for each operation`,
};

/** Measures the cost of HTTP/2 without gRPC: a request whose body is as long as the gRPC message. */
export const lane: Lane = {
  name: 'http2-echo',
  title: 'bare HTTP/2 request',
  description:
    'A POST over node:http2 whose body is as long as the gRPC message, answered with the same body; no headers but those that HTTP/2 demands.',
  kind: 'control',
  wire: 'http2',
  baselines: ['net-echo'],
  echoedCharsMax,
  settings,
  startServer,
  connect,
};

async function startServer(): Promise<LaneServer> {
  const server = createServer();
  server.on('session', (session) => {
    session.on('error', ignore);
  });
  server.on('stream', echo);
  return listen(server, 'session');
}

function echo(stream: ServerHttp2Stream): void {
  const chunks: Buffer[] = [];
  stream.on('error', ignore);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    stream.respond();
    stream.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
}

async function connect({ host, port }: Target): Promise<LaneClient> {
  const session = connectHttp2(`http://${host}:${port}`);
  await new Promise<void>((resolve, reject) => {
    session.once('remoteSettings', () => resolve());
    session.once('error', reject);
    session.once('close', () => reject(new Error('the server ended the connection')));
  });
  return new Http2EchoClient(session);
}

class Http2EchoClient extends EchoLaneClient {
  readonly #session: ClientHttp2Session;
  readonly #closed: Promise<void>;

  constructor(session: ClientHttp2Session) {
    super();
    this.#session = session;
    this.#closed = new Promise((resolve) => session.once('close', () => resolve()));
    // Each request has an error of its own.
    session.on('error', ignore);
  }

  operation(workload: Workload): () => Promise<void> {
    const body = Buffer.alloc(grpcRequestBytes(workload), 'x');
    return () => this.#post(body);
  }

  close(): Promise<void> {
    this.#session.destroy();
    return this.#closed;
  }

  #post(body: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({ ':method': 'POST' });
      let received = 0;
      stream.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      stream.on('end', () => {
        if (received === body.length) resolve();
        else reject(new Error(`the echo has ${received} bytes instead of ${body.length}`));
      });
      stream.on('error', reject);
      stream.on('close', () => reject(new Error('the connection of the echo has ended')));
      stream.end(body);
    });
  }
}

function ignore(): void {}
