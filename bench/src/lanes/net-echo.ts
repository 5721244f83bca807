import { connect, createServer, type Socket } from 'node:net';
import { Fifo } from '@tandem/core';
import { framedRequestBytes } from './echo-operations.ts';
import { listen, listenBacklog } from './echo-server.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from './lane.ts';

const settings: LaneSettings = {
  noDelay: 'TCP_NODELAY on both sides',
  writes: 'client: one write for each message; server: one for each read, whatever it held',
  deadlines: '-',
  keepalive: 'none',
  compression: '-',
  serialization: 'none: the answer is as many bytes as the request, and is only counted',
  windows: 'those of TCP alone',
  identity: '-',
  store: '-',
  logging: 'none',
  otherOptions: `listen backlog ${listenBacklog}; a promise for each operation`,
};

/** The floor of anything over TCP: as many bytes as the framed dialect takes, there and back. */
export const lane: Lane = {
  name: 'net-echo',
  title: 'bare net echo',
  description:
    'As many bytes as the framed request, written to a socket of node:net by themselves; the server writes back what it reads, and the client counts.',
  kind: 'control',
  wire: 'echo',
  baselines: ['in-process'],
  hasChat: false,
  depthMax: Number.POSITIVE_INFINITY,
  settings,
  startServer: () => startEchoServer((socket, chunk) => socket.write(chunk)),
  connect: connectEcho,
};

/** Starts a bare server; `answer` is what it does with each read. */
export async function startEchoServer(
  answer: (socket: Socket, chunk: Buffer) => void,
): Promise<LaneServer> {
  // The same functions for all sockets: a connection costs no closure of ours.
  function onData(this: Socket, chunk: Buffer): void {
    answer(this, chunk);
  }
  function onClose(this: Socket): void {
    sockets.delete(this);
  }
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('data', onData);
    socket.on('error', ignore);
    socket.on('close', onClose);
  });
  return listen(server, sockets);
}

/** Connects a client of an echo server. */
export async function connectEcho({ host, port }: Target): Promise<LaneClient> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return new EchoClient(socket);
}

interface Waiting {
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The least that a client can do: one write a message, and a count of the bytes that come back. */
class EchoClient implements LaneClient {
  readonly chat = undefined;
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  readonly #waiting = new Fifo<Waiting>();
  #received = 0;
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk.length));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection of the echo has ended')));
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  operation(workload: Workload): () => Promise<void> {
    const bytes = framedRequestBytes(workload);
    const message = Buffer.alloc(bytes, 'x');
    return () =>
      new Promise((resolve, reject) => {
        if (this.#error !== undefined) {
          reject(this.#error);
          return;
        }
        this.#waiting.push({ bytes, resolve, reject });
        this.#socket.write(message);
      });
  }

  close(): Promise<void> {
    this.#end(new Error('this client was closed'));
    return this.#closed;
  }

  #receive(bytes: number): void {
    this.#received += bytes;
    let oldest = this.#waiting.peek();
    while (oldest !== undefined && this.#received >= oldest.bytes) {
      this.#received -= oldest.bytes;
      this.#waiting.shift();
      oldest.resolve();
      oldest = this.#waiting.peek();
    }
    if (oldest === undefined && this.#received > 0) {
      this.#end(new Error('the echo answered more than it was asked'));
    }
  }

  #end(error: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      one.reject(this.#error);
    }
  }
}

function ignore(): void {}
