import type { Attacker } from '../../attacker/attacker.ts';
import { hello, request } from '../../wire/framed.ts';
import type { RawConnection } from '../../wire/raw-connection.ts';
import type { Attack } from '../attack.ts';

const receivers = 200;
const senders = 4;
const logins = 64;
const churners = 32;
const halfSaid = 5_000;
const seedClients = 64;
const perWrite = 100;
const underWayMax = 2_000;

/** Writes without end, as long as the pending responses have at most so many bytes. */
async function writeForever(
  attacker: Attacker,
  first: readonly Buffer[],
  next: (number: number) => readonly Buffer[],
): Promise<true | undefined> {
  const connection = await attacker.connect('socket');
  if (connection === undefined) return undefined;
  let owed = first.length;
  connection.read((bytes) => {
    owed -= bytes.length;
  });
  await connection.write(Buffer.concat(first));
  for (let number = 0; connection.isOpen && !attacker.isOver; number++) {
    while (owed > underWayMax && connection.isOpen && !attacker.isOver) await attacker.pause(1);
    const requests = next(number);
    owed += requests.length;
    attacker.count('requests', requests.length);
    await connection.write(Buffer.concat(requests));
  }
  connection.reset();
  return true;
}

/** Logs in, and acknowledges each message of each push in a request of its own. */
async function receive(attacker: Attacker, username: string): Promise<RawConnection | undefined> {
  const connection = await attacker.connect('socket');
  if (connection === undefined) return undefined;
  let taken = 0;
  connection.read((bytes) => {
    // As many as it may have: the greatest count that is not refused acknowledges all of them.
    const messages = Math.floor(bytes.length / pushBytes);
    const acknowledgements = Array.from({ length: messages }, () =>
      request('acknowledge', `${++taken}`),
    );
    attacker.count('messages', messages);
    if (messages > 0) void connection.write(Buffer.concat(acknowledgements));
  });
  await connection.write(
    Buffer.concat([hello, request('register', username), request('login', username)]),
  );
  return connection;
}

const body = 'x'.repeat(200);
const nameOf = (attacker: Attacker, kind: string, which: number) =>
  `${kind}${attacker.order.part}x${which}`;
// More bytes than a push has, so that no message is acknowledged that did not come.
const pushBytes = body.length + 64;

/** Attacks by sessions, and on what they keep. */
export const sessionFloods: readonly Attack[] = [
  {
    name: 'flooded-sessions',
    family: 'writes',
    does: '4 users send to 200 others, who acknowledge each message by itself',
    heldBy: 'the window of a session; requests a turn; unread messages of a user, then 28',
    honest: ['unary send'],
    async run(attacker) {
      const names = Array.from({ length: receivers }, (_, i) => nameOf(attacker, 'receiver', i));
      await Promise.all(names.map((name) => receive(attacker, name)));
      await attacker.keep(senders, (which) => {
        const own = nameOf(attacker, 'sender', which);
        return writeForever(
          attacker,
          [hello, request('register', own), request('login', own)],
          (number) =>
            Array.from({ length: perWrite }, (_, i) => {
              const recipient = names[(number * perWrite + i) % names.length];
              return request('send', `${own}|${recipient}|${body}`);
            }),
        );
      });
    },
  },
  {
    name: 'session-churn',
    family: 'writes',
    does: '32 connections register, log in, log out, log in and delete, over and over',
    heldBy: 'requests a turn; a login is answered before the next request is taken',
    honest: ['unary send'],
    run: (attacker) =>
      attacker.keep(churners, (which) => {
        const own = nameOf(attacker, 'churn', which);
        const round = (['register', 'login', 'logout', 'login', 'delete'] as const).map(
          (operation) => request(operation, own),
        );
        return writeForever(attacker, [hello], () =>
          Array.from({ length: 20 }, () => round).flat(),
        );
      }),
  },
  {
    name: 'mailbox-logins',
    family: 'responses',
    does: '64 connections log in to full mailboxes, read them and log out, over and over',
    heldBy: 'pages of 64 KiB, made in turns of addresses and connections as each client reads',
    honest: ['framed search', 'unary send'],
    needs: { victims: 20, unread: 5_000 },
    run: (attacker) =>
      attacker.keep(attacker.share(logins), async (which) => {
        const connection = await attacker.connect('socket');
        if (connection === undefined) return undefined;
        const { victims } = attacker.order;
        const name = victims[which % victims.length] ?? '';
        let received = 0;
        connection.read((bytes) => {
          received += bytes.length;
          attacker.count('bytes', bytes.length);
        });
        await connection.write(
          Buffer.concat([
            hello,
            ...Array(20)
              .fill([request('login', name), request('logout', name)])
              .flat(),
          ]),
        );
        connection.end();
        await Promise.race([connection.closed, attacker.over]);
        return received > 0 ? true : undefined;
      }),
  },
  {
    name: 'half-requests',
    family: 'bytes',
    does: '5,000 connections that send all but the last byte of a request, and its beginning again',
    heldBy: 'a request of at most 367 bytes is kept until it is whole',
    processes: 2,
    addresses: 2,
    run: (attacker) => {
      const whole = request('send', `nobody|nobody|${'x'.repeat(250)}`);
      return attacker.keep(attacker.share(halfSaid), async () => {
        const connection = await attacker.connect('socket');
        if (connection === undefined) return undefined;
        connection.read(() => {});
        await connection.write(Buffer.concat([hello, whole.subarray(0, -1)]));
        while (connection.isOpen && !attacker.isOver) {
          await attacker.pause(500);
          await connection.write(Buffer.concat([whole.subarray(-1), whole.subarray(0, -1)]));
          attacker.count('requests');
        }
        return true;
      });
    },
  },
  {
    name: 'seed-flood',
    family: 'writes',
    does: '64 clients of the seed dialect, half of which send bytes that are no operation',
    heldBy: 'requests a turn and pending requests, for each connection',
    honest: ['unary send'],
    run: (attacker) =>
      attacker.keep(seedClients, (which) => {
        const own = nameOf(attacker, 'seed', which);
        if (which % 2 === 0) {
          const unknown = Buffer.of(0x40);
          return writeForever(attacker, [unknown], () => Array(1_000).fill(unknown));
        }
        // One write is one request, unless TCP joins them.
        return writeForever(attacker, [Buffer.from(`\u0001${own}`)], (number) => [
          number === 0 ? Buffer.from(`\u0002${own}`) : Buffer.from(`\u0004${own}|${own}|${body}`),
        ]);
      }),
  },
];
