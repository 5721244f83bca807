import type { Attacker } from '../../attacker/attacker.ts';
import { literal } from '../../wire/hpack.ts';
import { type Http2Connection, keepHttp2 } from '../../wire/http2-connection.ts';
import { dataFrame, field, grpcMessage } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

// Ten calls fewer than a connection may have, so that none waits in the client.
const callsPerConnection = 990;
const largeHeader = literal('x-filler', 'v'.repeat(7_900));
// gRPC takes each part between commas for a value of its own.
const binaryHeader = literal('x-filler-bin', ','.repeat(7_900));

/** Opens calls on many connections and does not end them; opens a new one for each that the server ends. */
async function hold(
  attacker: Attacker,
  connections: number,
  open: (connection: Http2Connection, which: number) => Promise<unknown>,
): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(connections) }, async (connection) => {
    for (let which = 0; connection.isOpen && !attacker.isOver; which++) {
      await connection.callsBelow(callsPerConnection);
      await open(connection, which);
    }
  });
}

const methods = ['Login', 'Search', 'Register', 'Send'];

/** Holds unary calls with a header, whose message never comes. */
function holdSilent(attacker: Attacker, header: Buffer): Promise<void> {
  return hold(attacker, 400, (connection, which) =>
    connection.open(`/MessageService/${methods[which % methods.length]}`, header),
  );
}

/** A message in frames of one byte, without its end. */
function crumbs(stream: number): Buffer {
  const unended = grpcMessage(Buffer.alloc(4_000)).subarray(0, -1);
  return Buffer.concat(Array.from(unended, (byte) => dataFrame(stream, Buffer.of(byte))));
}

/** Attacks by calls that stay open. */
export const heldCalls: readonly Attack[] = [
  {
    name: 'silent-calls',
    family: 'calls',
    does: 'unary calls with 8 KB of headers whose message never comes, 990 a connection',
    heldBy: 'calls that wait for their message are bounded, and end after a stated time',
    processes: 2,
    honest: ['unary send'],
    run: (attacker) => holdSilent(attacker, largeHeader),
  },
  {
    name: 'binary-metadata',
    family: 'calls',
    does: 'unary calls whose message never comes, each with a binary header of 7,900 commas',
    heldBy: 'binary headers, which no call reads, are removed before grpc-js takes them apart',
    processes: 2,
    honest: ['unary send'],
    run: (attacker) => holdSilent(attacker, binaryHeader),
  },
  {
    name: 'crumbs',
    family: 'calls',
    does: 'unary calls and Converse streams whose message comes in frames of one byte, and never ends',
    heldBy:
      'a message is kept in one piece until it is whole; a connection with too many parts in a turn is closed',
    processes: 2,
    honest: ['unary send'],
    run: (attacker) =>
      hold(attacker, 100, async (connection, which) => {
        const method = which % 2 === 0 ? 'Login' : 'Converse';
        const stream = await connection.open(`/MessageService/${method}`);
        await connection.write(crumbs(stream));
      }),
  },
  {
    name: 'half-said-calls',
    family: 'calls',
    does: 'unary calls whose message begins and never ends',
    heldBy: 'calls that wait for their message are bounded, and end after a stated time',
    processes: 2,
    honest: ['unary send'],
    run: (attacker) =>
      hold(attacker, 100, async (connection) => {
        const stream = await connection.open('/MessageService/Login');
        const half = grpcMessage(Buffer.alloc(4_000)).subarray(0, 2_000);
        await connection.write(dataFrame(stream, half));
      }),
  },
  {
    name: 'endless-calls',
    family: 'calls',
    does: 'Converse streams in masses, each with one request, and then nothing',
    heldBy: 'calls at once on a connection and in all; streams without a session end',
    processes: 2,
    run: (attacker) =>
      hold(attacker, 100, (connection) =>
        connection.call('/MessageService/Converse', field(3, field(1, 'nobody')), true),
      ),
  },
  {
    name: 'subscribe-calls',
    family: 'calls',
    does: 'Subscribe calls without a session, 990 at once a connection',
    heldBy: 'they are refused at once',
    run: (attacker) =>
      hold(attacker, 20, (connection) =>
        connection.call('/MessageService/Subscribe', field(1, 'nobody'), true),
      ),
  },
];
