import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { TlsTickets } from '@tandem/tls/client';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedCharsMax, framedRequestBytes } from '../echo/echo-operations.ts';
import { bareSocketSettings, listen } from '../echo/echo-server.ts';
import { JoinedWrites } from '../echo/joined-writes.ts';
import { PendingOperations } from '../echo/pending-operations.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';

const settings: LaneSettings = {
  ...bareSocketSettings,
  writes: 'client: one write for each message; server: one for each read, whatever it held',
  compression: '-',
  serialization: 'none: the response is as many bytes as the request, and is only counted',
};

/** The floor of anything over TCP: as many bytes as the framed dialect takes, there and back. */
export const lane: Lane = {
  name: 'net-echo',
  title: 'bare net echo',
  description:
    'The client writes as many bytes as the framed request has to a socket of node:net. The server writes back what it reads, and the client counts.',
  kind: 'control',
  wire: 'echo',
  baselines: ['in-process'],
  echoedCharsMax,
  settings,
  startServer: () => startEchoServer((socket, chunk) => socket.write(chunk)),
  connect: connectEcho,
};

/** Starts a bare server; it calls `respond` with each read. */
export async function startEchoServer(
  respond: (socket: Socket, chunk: Buffer) => void,
): Promise<LaneServer> {
  // All sockets share it, so that none needs a closure of ours.
  function onData(this: Socket, chunk: Buffer): void {
    respond(this, chunk);
  }
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', onData);
    socket.on('error', ignore);
  });
  return listen(server);
}

/** Connects a client of an echo server. */
export function connectEcho(target: Target): Promise<LaneClient> {
  return EchoClient.connect(target, {});
}

/** Optimizations with Node.js that simple code does not have. */
export interface EchoTuning {
  /** True to join the writes of one turn of the event loop into one at its end. */
  readonly joinsWrites?: boolean;
  /** The length of the one buffer that everything is read into, in bytes; a buffer for each read unless given. */
  readonly readBytesMax?: number;
  /** Set for TLS. */
  readonly secure?: ConnectionOptions;
  readonly tickets?: TlsTickets | undefined;
}

/** The simplest client: it writes each message, and counts the bytes that come back. */
export class EchoClient extends EchoLaneClient {
  readonly #socket: Socket;
  readonly #joined: JoinedWrites | undefined;
  readonly #closed: Promise<void>;
  readonly #pending = new PendingOperations<number>();
  #received = 0;

  private constructor(
    { host, port }: Target,
    { joinsWrites, readBytesMax, secure, tickets }: EchoTuning,
  ) {
    super();
    const options = {
      host,
      port,
      noDelay: true,
      ...(readBytesMax !== undefined && {
        onread: {
          buffer: Buffer.allocUnsafeSlow(readBytesMax),
          callback: (bytes: number) => {
            this.#receive(bytes);
            return true;
          },
        },
      }),
    };
    const socket = secure === undefined ? connect(options) : secured(options, secure, tickets);
    this.#socket = socket;
    if (joinsWrites === true) this.#joined = new JoinedWrites(socket);
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    if (readBytesMax === undefined) socket.on('data', (chunk) => this.#receive(chunk.length));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection of the echo has ended')));
  }

  /** Resolves when TCP is connected, and after the TLS handshake if TLS is asked for. */
  static async connect(target: Target, tuning: EchoTuning): Promise<EchoClient> {
    const client = new EchoClient(target, tuning);
    await once(client.#socket, tuning.secure === undefined ? 'connect' : 'secureConnect');
    return client;
  }

  operation(workload: Workload): () => Promise<void> {
    const message = Buffer.alloc(framedRequestBytes(workload), 'x');
    const joined = this.#joined;
    const write =
      joined === undefined ? () => void this.#socket.write(message) : () => joined.push(message);
    return () => this.#pending.start(message.length, write);
  }

  close(): Promise<void> {
    this.#end(new Error('this client was closed'));
    return this.#closed;
  }

  #receive(bytes: number): void {
    this.#received += bytes;
    let oldest = this.#pending.expected;
    while (oldest !== undefined && this.#received >= oldest) {
      this.#received -= oldest;
      this.#pending.completed();
      oldest = this.#pending.expected;
    }
    if (oldest === undefined && this.#received > 0) {
      this.#end(new Error('the echo answered more than it was asked'));
    }
  }

  #end(error: Error): void {
    this.#pending.fail(error);
    this.#socket.destroy();
  }
}

function secured(
  options: { readonly host: string; readonly port: number },
  secure: ConnectionOptions,
  tickets: TlsTickets | undefined,
): Socket {
  const socket = connectTls({ ...options, ...secure });
  tickets?.watch(socket);
  // TLS takes this setting from the socket below, and not from its options.
  return socket.setNoDelay(true);
}

function ignore(): void {}
