import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedCharsMax, framedRequestBytes } from '../echo/echo-operations.ts';
import { listen, listenBacklog, serviceless } from '../echo/echo-server.ts';
import { PendingOperations } from '../echo/pending-operations.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';

const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides (ws sets it)',
  writes: 'a WebSocket message for each request and response, each written by itself, as ws does',
  deadlines: 'none',
  keepalive: 'none: no ping unless the application sends one',
  compression: 'permessage-deflate off on both sides (ws: off on the server by default)',
  serialization:
    'binary messages as long as the framed request, masked by the client; the response is the request’s bytes, and is only counted',
  windows: 'those of TCP alone; messages up to 100 MiB, as by default',
  ...serviceless,
  otherOptions: `ws 8 on both ends, without its optional native addons; listen backlog ${listenBacklog}; a promise for each operation`,
};

/** The usual choice for messages both ways over one connection. */
export const lane: Lane = {
  name: 'ws-echo',
  title: 'WebSocket echo (ws)',
  description:
    'A binary WebSocket message as long as the framed request, sent with ws; the server sends back what it gets, and the client counts.',
  kind: 'control',
  wire: 'websocket',
  baselines: ['net-echo', 'framed-protobuf'],
  echoedCharsMax,
  settings,
  startServer,
  connect,
};

function startServer(): Promise<LaneServer> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (message: Buffer) => socket.send(message));
    socket.on('error', () => {});
  });
  // It passes on the errors of the server below, with which `listen` rejects.
  server.on('error', () => {});
  return listen(http);
}

async function connect({ host, port }: Target): Promise<LaneClient> {
  const socket = new WebSocket(`ws://${host}:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return new WebSocketClient(socket);
}

class WebSocketClient extends EchoLaneClient {
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  readonly #pending = new PendingOperations<number>();

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('message', (message: Buffer) => {
      const right = message.length === this.#pending.expected;
      this.#pending.completed(right ? undefined : 'the echo is not as long as what was sent');
    });
    socket.on('error', (error) => this.#pending.fail(error));
    socket.on('close', () => this.#pending.fail(new Error('the connection of the echo has ended')));
  }

  operation(workload: Workload): () => Promise<void> {
    const message = Buffer.alloc(framedRequestBytes(workload), 'x');
    return () => this.#pending.start(message.length, () => this.#socket.send(message));
  }

  close(): Promise<void> {
    this.#pending.fail(new Error('this client was closed'));
    this.#socket.terminate();
    return this.#closed;
  }
}
