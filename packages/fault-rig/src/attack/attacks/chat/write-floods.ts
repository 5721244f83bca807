import type { Attacker } from '../../attacker/attacker.ts';
import { hello, request } from '../../wire/framed.ts';
import type { RawConnection } from '../../wire/raw-connection.ts';
import type { Attack } from '../attack.ts';

const writers = 16;
const requestsPerWrite = 100;
const underWayMax = 2_000;

/** Makes requests that the store writes, so many under way at a time, with a response of one byte each. */
async function writeForever(
  attacker: Attacker,
  begin: (which: number) => readonly Buffer[],
  next: (which: number, number: number) => Buffer,
): Promise<void> {
  await attacker.keepConnected('socket', attacker.share(writers), async (connection, which) => {
    const first = begin(which);
    let owed = 1 + first.length;
    connection.read((bytes) => {
      owed -= bytes.length;
      for (const status of bytes) attacker.count(`answered ${status}`);
    });
    await connection.write(Buffer.concat([hello, ...first]));
    for (let number = 0; connection.isOpen && !attacker.isOver; number += requestsPerWrite) {
      await owedBelow(attacker, connection, () => owed);
      const requests = Array.from({ length: requestsPerWrite }, (_, i) => next(which, number + i));
      owed += requests.length;
      await connection.write(Buffer.concat(requests));
    }
    connection.reset();
  });
}

async function owedBelow(
  attacker: Attacker,
  connection: RawConnection,
  owed: () => number,
): Promise<void> {
  while (owed() > underWayMax && connection.isOpen && !attacker.isOver) await attacker.pause(1);
}

/** Attacks by what the server has to store. */
export const writeFloods: readonly Attack[] = [
  {
    name: 'register-flood',
    family: 'writes',
    does: 'accounts are made as fast as 16 connections can ask',
    heldBy: 'accounts; requests a turn and pending requests, for each connection',
    honest: ['unary send'],
    run: (attacker) => {
      const life = attacker.random.integer(0, 999_999_999);
      return writeForever(
        attacker,
        () => [],
        (which, number) =>
          request('register', `flood${life}x${attacker.order.part}x${which}x${number}`),
      );
    },
  },
  {
    name: 'mailbox-flood',
    family: 'writes',
    does: '16 users send to 20 others as fast as they can, until their mailboxes are full',
    heldBy: 'unread messages of a user, then 28; bytes of the database, then 27',
    honest: ['unary send'],
    needs: { victims: 20 },
    run: (attacker) => {
      const { victims, part } = attacker.order;
      const own = (which: number) => `sender${part}x${which}`;
      return writeForever(
        attacker,
        (which) => [request('register', own(which)), request('login', own(which))],
        (which, number) => {
          const recipient = victims[number % victims.length] ?? '';
          return request('send', `${own(which)}|${recipient}|${'spam '.repeat(50)}`);
        },
      );
    },
  },
];
