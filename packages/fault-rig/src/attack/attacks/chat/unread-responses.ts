import type { Attacker } from '../../attacker/attacker.ts';
import { hello, request } from '../../wire/framed.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { dataFrame, field, grpcMessage } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const callsPerConnection = 900;
const searchAll = field(1, '*');
const converseSearchAll = grpcMessage(field(3, searchAll));
const converseSearchOne = grpcMessage(field(3, field(1, 'x')));
const population = { names: 10_000 };
const holdMs = 1_000;

async function unreadSockets(attacker: Attacker): Promise<void> {
  const searches = Buffer.concat(Array.from({ length: 50 }, () => request('search', '*')));
  await attacker.keepConnected('socket', attacker.share(1_000), async (connection) => {
    await connection.write(hello);
    // It writes until the server reads no more.
    while (connection.isOpen && !attacker.isOver) {
      await connection.write(searches);
      attacker.count('searches', 50);
    }
  });
}

async function unreadCalls(attacker: Attacker): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(20), windowBytes: 0 }, async (connection) => {
    while (connection.isOpen && !attacker.isOver) {
      await connection.callsBelow(callsPerConnection);
      await connection.call('/MessageService/Search', searchAll);
    }
  });
}

/** Sends a number of frames with requests on each of many streams, and takes no response. */
async function unreadConverse(
  attacker: Attacker,
  { request, perFrame, frames }: { request: Buffer; perFrame: number; frames: number },
): Promise<void> {
  const frame = Buffer.concat(Array.from({ length: perFrame }, () => request));
  await keepHttp2(attacker, { times: attacker.share(20), windowBytes: 0 }, async (connection) => {
    while (connection.isOpen && !attacker.isOver) {
      await connection.callsBelow(callsPerConnection);
      const stream = await connection.open('/MessageService/Converse');
      for (let sent = 0; sent < frames; sent++) await connection.write(dataFrame(stream, frame));
    }
  });
}

/** Logs in as users with long mailboxes, over unary calls and Converse, and reads nothing. */
async function unreadLogins(attacker: Attacker): Promise<void> {
  const { victims } = attacker.order;
  const options = { times: attacker.share(victims.length), windowBytes: 0 };
  await keepHttp2(attacker, options, async (connection, which) => {
    const login = field(1, victims[which] ?? '');
    if (which % 2 === 0) await connection.call('/MessageService/Login', login);
    else await connection.call('/MessageService/Converse', field(2, login), true);
    await attacker.pause(holdMs);
    connection.reset();
  });
}

const drains = 'a response is made as its connection drains, and one that takes nothing is dropped';

/** Attacks by responses that nobody reads. */
export const unreadResponses: readonly Attack[] = [
  {
    name: 'unread-searches',
    family: 'responses',
    does: '1,000 connections over sockets that ask for long searches and read nothing',
    heldBy: drains,
    processes: 2,
    honest: ['framed search', 'framed long-search'],
    needs: population,
    run: unreadSockets,
  },
  {
    name: 'unread-calls',
    family: 'responses',
    does: '18,000 unary calls with long responses on 20 connections that take nothing',
    heldBy: 'bytes of long responses that wait; those who read nothing lose first',
    honest: ['unary search', 'unary long-search'],
    needs: population,
    run: unreadCalls,
  },
  {
    name: 'unread-converse',
    family: 'responses',
    does: '18,000 Converse streams that ask for long searches and take nothing',
    heldBy: drains,
    honest: ['converse search', 'converse long-search'],
    needs: population,
    run: (attacker) =>
      unreadConverse(attacker, { request: converseSearchAll, perFrame: 50, frames: 1 }),
  },
  {
    name: 'unread-requests',
    family: 'responses',
    does: 'Converse streams with as many short requests as HTTP/2 takes, whose responses nobody takes',
    heldBy:
      'the account of a connection pays for requests that wait, and for each response; the greediest lose first',
    honest: ['converse search'],
    // They fill the window of a stream.
    run: (attacker) =>
      unreadConverse(attacker, { request: converseSearchOne, perFrame: 1_500, frames: 3 }),
  },
  {
    name: 'unread-logins',
    family: 'responses',
    does: 'logins to long mailboxes, of which nothing is taken',
    heldBy: 'bytes of long responses that wait; a mailbox is read as its connection drains',
    honest: ['unary long-search'],
    needs: { ...population, victims: 20, unread: 1_000 },
    run: unreadLogins,
  },
];
