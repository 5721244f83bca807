import type { Attacker } from '../../attacker/attacker.ts';
import { hello, request } from '../../wire/framed.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { field, windowUpdateFrame } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const atOnce = 64;
const searches = Buffer.concat([
  hello,
  ...Array.from({ length: 20 }, () => request('search', '*')),
]);
const logins = (username: string) => Buffer.concat([hello, request('login', username)]);

/** Asks for long responses over sockets, and resets when the first bytes come. */
async function resetSockets(attacker: Attacker, ask: (which: number) => Buffer): Promise<void> {
  await attacker.keepConnected('socket', attacker.share(atOnce), async (connection, which) => {
    let received = 0;
    // The first byte is the version.
    connection.read((bytes) => {
      received += bytes.length;
      if (received > 1) connection.reset();
    });
    await connection.write(ask(which));
    await Promise.race([connection.closed, attacker.over]);
  });
}

async function resetCalls(attacker: Attacker): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(atOnce) }, async (connection, which) => {
    const unary = which % 2 === 0;
    for (let i = 0; i < 20; i++) {
      if (unary) await connection.call('/MessageService/Search', field(1, '*'));
      else await connection.call('/MessageService/Converse', field(3, field(1, '*')), true);
    }
    await connection.write(windowUpdateFrame(0, 1_000_000));
    await attacker.pause(20);
    connection.reset();
  });
}

const goneIsNoError = 'the server drops the requests of a client that has gone, and logs no error';

/** Attacks that reset their connection within a long response. */
export const resetSearches: readonly Attack[] = [
  {
    name: 'reset-in-search',
    family: 'responses',
    does: 'connections over sockets that are reset in the middle of a long search',
    heldBy: goneIsNoError,
    processes: 2,
    addresses: 4,
    honest: ['framed search'],
    needs: { names: 10_000 },
    run: (attacker) => resetSockets(attacker, () => searches),
  },
  {
    name: 'reset-in-login',
    family: 'responses',
    does: 'connections over sockets that are reset in the middle of a long mailbox',
    heldBy: goneIsNoError,
    honest: ['framed search'],
    needs: { victims: 20, unread: 1_000 },
    run: (attacker) =>
      resetSockets(attacker, (which) => {
        const { victims } = attacker.order;
        return logins(victims[which % victims.length] ?? '');
      }),
  },
  {
    name: 'reset-in-call',
    family: 'responses',
    does: 'HTTP/2 connections that are reset in the middle of long searches',
    heldBy: goneIsNoError,
    addresses: 4,
    honest: ['unary search'],
    needs: { names: 10_000 },
    run: resetCalls,
  },
];
