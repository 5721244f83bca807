import type { Attacker } from '../../attacker/attacker.ts';
import type { HonestKind } from '../../honest/protocol.ts';
import { hello, request } from '../../wire/framed.ts';
import { callHeaders } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import {
  dataFrame,
  field,
  grpcMessage,
  headersFrame,
  windowUpdateFrame,
} from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const searchers = 1_100;
const callsPerConnection = 100;
const windowMax = 2 ** 31 - 1;
const everything = '*';
// It matches no name, and the server must look at each name.
const hard = '*z*z*z*z*z*z*z*z*z*z*';

const population = { names: 10_000 };
const honest: readonly HonestKind[] = [
  'framed search',
  'converse search',
  'unary search',
  'framed long-search',
];
const heldBy =
  'searches take turns by client, 4 ms a turn of the event loop, and make four long lists at a time; clients that ask for much wait, or get 123';

/** Each connection asks again after each response, whatever its status, so two searches are always under way. */
async function overSockets(attacker: Attacker, query: string): Promise<void> {
  const search = request('search', query);
  await attacker.keepConnected('socket', attacker.share(searchers), async (connection) => {
    let unread = 0;
    connection.read((bytes) => {
      unread += bytes.length;
      // The bytes show roughly how many searches had a response; the searches are not counted.
      attacker.count('bytes', bytes.length);
    });
    await connection.write(Buffer.concat([hello, search, search]));
    while (connection.isOpen && !attacker.isOver) {
      await attacker.pause(20);
      if (unread === 0) continue;
      unread = 0;
      await connection.write(search);
      attacker.count('searches');
    }
  });
}

const connectionsOf = (attacker: Attacker) => ({
  times: attacker.share(searchers / callsPerConnection),
  windowBytes: windowMax,
});

async function overCalls(attacker: Attacker): Promise<void> {
  await keepHttp2(attacker, connectionsOf(attacker), async (connection) => {
    await connection.write(windowUpdateFrame(0, windowMax - 65_535));
    while (connection.isOpen && !attacker.isOver) {
      await connection.callsBelow(callsPerConnection);
      await connection.call('/MessageService/Search', field(1, everything));
    }
  });
}

async function overConverse(attacker: Attacker): Promise<void> {
  const search = grpcMessage(field(3, field(1, everything)));
  await keepHttp2(attacker, connectionsOf(attacker), async (connection) => {
    await connection.write(windowUpdateFrame(0, windowMax - 65_535));
    const streams = Array.from({ length: callsPerConnection }, () => connection.nextStream());
    for (const stream of streams) {
      await connection.write(headersFrame(stream, callHeaders('/MessageService/Converse')));
    }
    while (connection.isOpen && !attacker.isOver) {
      for (const stream of streams) await connection.write(dataFrame(stream, search));
      attacker.count('searches', streams.length);
      await attacker.pause(50);
    }
  });
}

function flood(name: string, does: string, run: Attack['run'], addresses = 1): Attack {
  const needs = population;
  return { name, family: 'searches', does, heldBy, processes: 2, addresses, honest, needs, run };
}

/** Attacks by searches. */
export const searchFloods: readonly Attack[] = [
  flood(
    'search-flood-sockets',
    '1,100 connections that ask for all names, over and over',
    (attacker) => overSockets(attacker, everything),
  ),
  flood(
    'search-flood-addresses',
    'the same from 200 addresses',
    (attacker) => overSockets(attacker, everything),
    100,
  ),
  flood(
    'search-flood-hard',
    '1,100 connections with queries that look at every name and find none',
    (attacker) => overSockets(attacker, hard),
  ),
  flood('search-flood-converse', '1,100 Converse streams that ask for all names', overConverse),
  flood('search-flood-unary', '1,100 unary searches for all names at once', overCalls),
];
