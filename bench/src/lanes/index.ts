import { UsageError } from '../usage-error.ts';
import type { Lane } from './lane.ts';

// The ladder, in the order of what an operation costs there: each step adds one cost to those before
// it, or to one of them. The differences show the cost of each step.
//
//   in-process            the chat service, called
//   codec-framed          our layout written and read, without I/O
//   codec-protobuf        protobuf instead
//   net-echo              TCP: system calls, wake-ups, the event loop
//   sockets-seed          net-echo, the service, and the unframed dialect
//   sockets-framed        net-echo, the service, and our layout
//   http2-echo            net-echo and HTTP/2
//   grpc-echo             http2-echo and grpc-js, protobuf included
//   grpc-unary            grpc-echo and the service
//   grpc-converse         the same on one stream, without a call for each operation
//   grpc-converse-batched the same with several frames in a message
//
const ladder: Loaders = {
  'in-process': () => import('./no-wire/in-process.ts'),
  'codec-framed': () => import('./no-wire/codec-framed.ts'),
  'codec-protobuf': () => import('./no-wire/codec-protobuf.ts'),
  'net-echo': () => import('./net/net-echo.ts'),
  'sockets-seed': () => import('./seed/sockets-seed.ts'),
  'sockets-framed': () => import('./sockets/sockets-framed.ts'),
  'http2-echo': () => import('./http/http2-echo.ts'),
  'grpc-echo': () => import('./grpc/grpc-echo.ts'),
  'grpc-unary': () => import('./grpc/grpc-unary.ts'),
  'grpc-converse': () => import('./grpc/grpc-converse.ts'),
  'grpc-converse-batched': () => import('./grpc/grpc-converse-batched.ts'),
};

// Lanes that differ from one of the ladder in one thing: a disk, a name, a delay, TLS. They put the same bytes
// on the wire, except for the bare stream, whose bytes show nothing that Converse's do not, and the stub
// of 2023, which sends no token. The lanes over TLS encrypt these bytes, so that no tap can read them: the
// wire ledger measures the lane without TLS through a tunnel.
const copies: Loaders = {
  'net-echo-tuned': () => import('./net/net-echo-tuned.ts'),
  'grpc-echo-tuned': () => import('./grpc/grpc-echo-tuned.ts'),
  'grpc-stream-echo-tuned': () => import('./grpc/grpc-stream-echo-tuned.ts'),
  'grpc-stream-echo': () => import('./grpc/grpc-stream-echo.ts'),
  'grpc-seed': () => import('./seed/grpc-seed.ts'),
  'sockets-framed-sqlite': () => import('./sockets/sockets-framed-sqlite.ts'),
  'sockets-framed-postgres': () => import('./postgres/sockets-framed-postgres.ts'),
  'sockets-framed-again': again(() => import('./sockets/sockets-framed.ts')),
  'grpc-unary-again': again(() => import('./grpc/grpc-unary.ts')),
  'net-echo-delayed': () => import('./net/net-echo-delayed.ts'),
  'net-echo-tls': () => import('./net/net-echo-tls.ts'),
  'sockets-framed-tls': () => import('./sockets/sockets-framed-tls.ts'),
  'grpc-unary-tls': () => import('./grpc/grpc-unary-tls.ts'),
  'grpc-converse-tls': () => import('./grpc/grpc-converse-tls.ts'),
};

// Echoes by the libraries that people would take in place of ours, with bytes of their own.
const others: Loaders = {
  'framed-protobuf': () => import('./net/framed-protobuf.ts'),
  'ws-echo': () => import('./http/ws-echo.ts'),
  'http1-json': () => import('./http/http1-json.ts'),
  'http1-json-undici': () => import('./http/http1-json-undici.ts'),
  'connect-echo': () => import('./http/connect-echo.ts'),
  'connect-echo-grpc': () => import('./http/connect-echo-grpc.ts'),
};

// What carries messages and has no accounts: the floors of a delivery, whose bytes are those of our lanes.
const relays: Loaders = {
  'net-relay': () => import('./net/net-relay.ts'),
  'grpc-stream-relay': () => import('./grpc/grpc-stream-relay.ts'),
};

// Programs of others that people would take in place of the whole service, where they are installed.
// Nobody takes their bytes apart.
const brokers: Loaders = {
  mosquitto: () => import('./broker/mosquitto.ts'),
  'nats-core': () => import('./broker/nats-core.ts'),
  'nats-jetstream': () => import('./broker/nats-jetstream.ts'),
};

const loaders: Loaders = { ...ladder, ...others, ...copies, ...relays, ...brokers };

type Load = () => Promise<{ readonly lane: Lane }>;

type Loaders = Readonly<Record<string, Load>>;

/** Loads a lane under another name: a difference between the two is noise of the rig. */
function again(load: Load): Load {
  return async () => {
    const { lane } = await load();
    const { name } = lane;
    return {
      lane: {
        ...lane,
        name: `${name}-again`,
        title: `${lane.title} (again)`,
        description: `The lane ${name} once more, to see how much two equal lanes differ.`,
        kind: 'control',
        baselines: [name],
      },
    };
  };
}

/** The names of the lanes of the ladder, in its order. */
export const ladderNames: readonly string[] = Object.keys(ladder);

/** The names of the lanes that measure other libraries. */
export const otherNames: readonly string[] = Object.keys(others);

/** The names of the lanes that are floors of a delivery. */
export const relayNames: readonly string[] = Object.keys(relays);

/** The names of the lanes that measure brokers. */
export const brokerNames: readonly string[] = Object.keys(brokers);

/** The names of all lanes. */
export const laneNames: readonly string[] = Object.keys(loaders);

/**
 * Loads a lane, and with it only what it needs: a process that measures sockets loads no grpc-js.
 * Rejects with a UsageError that has the names of all lanes when there is none of that name.
 */
export async function loadLane(name: string): Promise<Lane> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load === undefined) {
    throw new UsageError(`there is no lane ${name}; there are ${laneNames.join(', ')}`);
  }
  return (await load()).lane;
}

/** Returns true if a lane has bytes on a wire that no other lane has. */
export function hasOwnWire({ name, wire }: Lane): boolean {
  return wire !== 'none' && (Object.hasOwn(ladder, name) || Object.hasOwn(others, name));
}
