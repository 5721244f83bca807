import type { TransportName } from '@tandem/core';
import type { Attacker } from '../../attacker/attacker.ts';
import type { HonestKind } from '../../honest/protocol.ts';
import { hello, request } from '../../wire/framed.ts';
import { callHeaders } from '../../wire/hpack.ts';
import {
  dataFrame,
  field,
  grpcMessage,
  headersFrame,
  preface,
  settingsFrame,
} from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

// All that the server takes of a transport by default. Newcomers get the places of idle ones then.
const idleConnections = 20_000;
// With fewer descriptors the server takes fewer connections of each transport (docs/OPERATIONS.md, "Open files").
const descriptorsForAll = 40_180;
// Each connection takes about 30 KB, most of it in nghttp2.
const idleGrpcPeakBytes = 800_000_000;
const slowConnections = 1_000;
const slowMs = 20;
const halfOpen = 256;
const halfOpenMs = 200;

const newcomers: readonly HonestKind[] = ['framed connect', 'converse connect'];
const limit =
  'connections at once; one that sends nothing without a session is closed after 10 minutes';
const atOnce = 32;

/** Opens connections that send their first bytes and nothing more. */
async function idle(attacker: Attacker, transport: TransportName, first: Buffer): Promise<void> {
  let left = attacker.share(idleConnections);
  await attacker.keep(atOnce, async () => {
    if (left === 0) {
      await attacker.over;
      return true;
    }
    left--;
    const connection = await attacker.connect(transport);
    if (connection === undefined) {
      left++;
      return undefined;
    }
    attacker.hold(connection);
    await connection.write(first);
    return true;
  });
}

/** Sends one byte at a time of a request that never ends. */
async function slow(attacker: Attacker, transport: TransportName, bytes: Buffer): Promise<void> {
  await attacker.keepConnected(transport, attacker.share(slowConnections), async (connection) => {
    connection.read(() => {});
    for (let i = 0; i < bytes.length && connection.isOpen && !attacker.isOver; i++) {
      await connection.write(bytes.subarray(i, i + 1));
      attacker.count('bytes');
      await attacker.pause(slowMs);
    }
    connection.reset();
  });
}

/** Connects, and resets at once. */
async function comeAndReset(attacker: Attacker): Promise<void> {
  await attacker.keep(64, async (which) => {
    const connection = await attacker.connect(which % 2 === 0 ? 'socket' : 'grpc');
    connection?.reset();
    return connection;
  });
}

/** Asks and ends its side, takes no response, and resets the connection a little later. */
async function askAndEnd(attacker: Attacker): Promise<void> {
  await attacker.keepConnected('both', attacker.share(halfOpen), async (connection, which) => {
    await connection.write(which % 2 === 0 ? endedRequest : endedCall);
    connection.end();
    await attacker.pause(halfOpenMs);
    connection.reset();
  });
}

/** Opens a connection for every descriptor of the server, and then more. */
async function takeAll(attacker: Attacker): Promise<void> {
  await attacker.keep(attacker.share(1_000), async (which) => {
    const transport = which % 2 === 0 ? 'socket' : 'grpc';
    const connection = await attacker.connect(transport);
    if (connection === undefined) return undefined;
    let heard = Buffer.alloc(0);
    connection.read((bytes) => {
      if (heard.length < 2) heard = Buffer.concat([heard, bytes]);
    });
    if (transport === 'socket') await connection.write(hello);
    else await connection.write(Buffer.concat([preface, settingsFrame(65_535)]));
    await Promise.race([connection.closed, attacker.over]);
    if (attacker.isOver) return true;
    const busy = transport === 'socket' && heard.at(1) === 123;
    attacker.count(
      `${transport}: ${busy ? 'answered 123' : heard.length === 0 ? 'closed without a word' : 'closed'}`,
    );
    return undefined;
  });
}

const slowRequest = Buffer.concat([hello, request('send', `nobody|nobody|${'x'.repeat(250)}`)]);
const slowCall = Buffer.concat([
  preface,
  settingsFrame(65_535),
  headersFrame(1, callHeaders('/MessageService/Login')),
]);
const endedRequest = Buffer.concat([hello, request('search', 'a*')]);
const endedCall = Buffer.concat([
  preface,
  settingsFrame(65_535),
  headersFrame(1, callHeaders('/MessageService/Search')),
  dataFrame(1, grpcMessage(field(1, 'a*')), true),
]);

/** Attacks by connections: many, slow, half open, or reset. */
export const connections: readonly Attack[] = [
  {
    name: 'idle-sockets',
    family: 'connections',
    does: '20,000 connections over sockets, all that the server takes, which send their first byte and no more',
    heldBy: limit,
    descriptors: descriptorsForAll,
    processes: 4,
    addresses: 4,
    honest: newcomers,
    run: (attacker) => idle(attacker, 'socket', hello),
  },
  {
    name: 'idle-grpc',
    family: 'connections',
    does: '20,000 HTTP/2 connections, all that the server takes, without a call',
    heldBy: limit,
    descriptors: descriptorsForAll,
    peakBytesMax: idleGrpcPeakBytes,
    processes: 4,
    addresses: 4,
    honest: newcomers,
    run: (attacker) => idle(attacker, 'grpc', Buffer.concat([preface, settingsFrame(65_535)])),
  },
  {
    name: 'slow-sockets',
    family: 'connections',
    does: '1,000 connections over sockets that write a byte each 20 ms',
    heldBy: 'a request of at most 367 bytes is kept until it is whole',
    processes: 2,
    honest: newcomers,
    run: (attacker) => slow(attacker, 'socket', slowRequest),
  },
  {
    name: 'slow-grpc',
    family: 'connections',
    does: '1,000 HTTP/2 connections that write a byte each 20 ms',
    heldBy: 'the headers of a call are bounded while they are decoded',
    processes: 2,
    honest: newcomers,
    run: (attacker) => slow(attacker, 'grpc', slowCall),
  },
  {
    name: 'connect-reset',
    family: 'connections',
    does: 'connections to both ports that are reset at once',
    heldBy: 'a client that goes away loses its connection, and causes no line of the log',
    processes: 2,
    addresses: 8,
    honest: newcomers,
    run: comeAndReset,
  },
  {
    name: 'half-open',
    family: 'connections',
    does: '256 connections at once to both ports that ask, end their side, and take nothing until they are reset',
    heldBy: 'the server ends its side soon after the client has',
    processes: 2,
    addresses: 8,
    honest: newcomers,
    run: askAndEnd,
  },
  {
    name: 'descriptor-limit',
    family: 'connections',
    does: '1,000 connections to a server that may have 256 descriptors',
    heldBy:
      'the server takes fewer connections than it has descriptors, and refuses the others with 123',
    processes: 2,
    honest: newcomers,
    mayBeRefused: newcomers,
    descriptors: 256,
    run: takeAll,
  },
];
