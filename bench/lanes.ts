// What each lane of the benchmark measures: against which server, and what one operation of it is.
import { connect } from 'node:net';
import { credentials } from '@grpc/grpc-js';
import { type ChatClient, Fifo, Status } from '@tandem/core';
import { connectGrpcClient, type GrpcClientMode } from '@tandem/grpc-client';
import { loadMessageServiceClient } from '@tandem/protos';
import { connectSocketClient } from '@tandem/socket-client';
import type { ServerName } from './server.ts';

/** Told that an operation is over; returns whether to begin another. */
export type OnDone = (startedAt: number) => boolean;

/** One thing that is measured. */
export interface Lane {
  readonly server: ServerName;
  /** The lane that it is compared with. */
  readonly baseline: LaneName;
  /** Keeps `depth` operations under way until `onDone` says that it is enough. */
  drive(port: number, depth: number, onDone: OnDone): Promise<void>;
}

const host = '127.0.0.1';

// As many bytes as a search for `alice` takes, both ways: 3 of header, 5 of content.
const echoBytes = Buffer.from('12345678');

const table = {
  'net echo': { server: 'net-echo', baseline: 'net echo', drive: driveEcho(false) },
  'net echo, joined writes': { server: 'net-echo', baseline: 'net echo', drive: driveEcho(true) },
  'sockets, search': { server: 'tandem-sockets', baseline: 'net echo', drive: overSockets(search) },
  'sockets, send': {
    server: 'tandem-sockets',
    baseline: 'net echo',
    drive: overSockets(sendToBob),
  },
  'grpc-js echo': { server: 'grpc-echo', baseline: 'grpc-js echo', drive: driveGrpcEcho },
  'gRPC unary, search': {
    server: 'tandem-grpc',
    baseline: 'grpc-js echo',
    drive: overGrpc('unary', search),
  },
  'gRPC Converse, search': {
    server: 'tandem-grpc',
    baseline: 'gRPC unary, search',
    drive: overGrpc('converse', search),
  },
} as const satisfies Record<string, Omit<Lane, 'baseline'> & { readonly baseline: string }>;

export type LaneName = keyof typeof table;

/** The lanes, by name. */
export const lanes: Readonly<Record<LaneName, Lane>> = table;

type Operation = () => Promise<{ readonly status: Status }>;
type Connect = (port: number) => Promise<ChatClient>;
type Prepare = (connect: Connect, port: number) => Promise<Operation>;

async function search(connectTo: Connect, port: number): Promise<Operation> {
  const alice = await loggedIn(connectTo, port, 'alice');
  return () => alice.search('alice');
}

async function sendToBob(connectTo: Connect, port: number): Promise<Operation> {
  const alice = await loggedIn(connectTo, port, 'alice');
  const bob = await loggedIn(connectTo, port, 'bob');
  void (async () => {
    for await (const { sender } of bob.messages) if (sender !== 'alice') process.exit(1);
  })();
  return () => alice.send('bob', 'hello');
}

async function loggedIn(connectTo: Connect, port: number, name: string): Promise<ChatClient> {
  const client = await connectTo(port);
  await client.register(name);
  await client.login(name);
  return client;
}

function overSockets(prepare: Prepare): Lane['drive'] {
  return driveChat(prepare, (port) => connectSocketClient({ host, port }));
}

function overGrpc(mode: GrpcClientMode, prepare: Prepare): Lane['drive'] {
  return driveChat(prepare, (port) => connectGrpcClient({ host, port, mode }));
}

function driveChat(prepare: Prepare, connectTo: Connect): Lane['drive'] {
  return async (port, depth, onDone) => {
    const operation = await prepare(connectTo, port);
    await keepUnderWay(depth, onDone, async () => {
      const { status } = await operation();
      if (status !== Status.found && status !== Status.delivered) throw new Error(`got ${status}`);
    });
  };
}

/** The same messages over a stub as grpc-js makes it, with its default options. */
async function driveGrpcEcho(port: number, depth: number, onDone: OnDone): Promise<void> {
  const Stub = loadMessageServiceClient();
  const stub = new Stub(`${host}:${port}`, credentials.createInsecure());
  const operation = () =>
    new Promise((resolve, reject) => {
      stub.search({ query: 'alice' }, (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
  await keepUnderWay(depth, onDone, operation);
}

async function keepUnderWay(
  depth: number,
  onDone: OnDone,
  operation: () => Promise<unknown>,
): Promise<void> {
  const loop = async () => {
    for (;;) {
      const startedAt = performance.now();
      await operation();
      if (!onDone(startedAt)) return;
    }
  };
  await Promise.all(Array.from({ length: depth }, loop));
}

/** The least that a client can do: one write a message, and a count of the bytes that come back. */
function driveEcho(joined: boolean): Lane['drive'] {
  return (port, depth, onDone) => {
    const socket = connect({ port, host, noDelay: true });
    const started = new Fifo<number>();
    let received = 0;
    const start = () => {
      started.push(performance.now());
      socket.write(echoBytes);
    };
    socket.on('connect', () => {
      for (let i = 0; i < depth; i++) start();
    });
    return new Promise((resolve) => {
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (joined) socket.cork();
        for (; received >= echoBytes.length; received -= echoBytes.length) {
          if (onDone(started.shift() ?? 0)) start();
          else resolve();
        }
        if (joined) socket.uncork();
      });
    });
  };
}
