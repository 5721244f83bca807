import type { TransportName } from '@tandem/core';
import type { Attacker } from '../../attacker/attacker.ts';
import type { HonestKind } from '../../honest/protocol.ts';
import { hello, request } from '../../wire/framed.ts';
import type { RawConnection } from '../../wire/raw-connection.ts';
import { agreeOnTls, clientHello } from '../../wire/tls-connection.ts';
import type { TlsRecords } from '../../wire/tls-records.ts';
import type { Attack } from '../attack.ts';

const newcomers: readonly HonestKind[] = ['framed connect', 'converse connect'];
const transports = ['socket', 'grpc'] as const;
const atOnce = 64;
const halfHandshakes = 4_000;
const opensAtOnce = 32;
const floods = 8;
const recordsPerWrite = 200;

/** Makes the server do its part of handshakes, without doing its own. */
async function handshakes(attacker: Attacker): Promise<void> {
  const hellos = { socket: await clientHello('socket'), grpc: await clientHello('grpc') };
  await attacker.keep(attacker.share(atOnce), async (which) => {
    const transport = transports[which % 2] as TransportName;
    const connection = await attacker.connect(transport);
    if (connection === undefined) return undefined;
    const answered = new Promise<void>((resolve) => connection.read(() => resolve()));
    await connection.write(hellos[transport]);
    await Promise.race([answered, connection.closed, attacker.over]);
    attacker.count('handshakes');
    connection.reset();
    return true;
  });
}

/** Begins handshakes, and does not go on. Connects again when it is cut. */
async function halves(attacker: Attacker): Promise<void> {
  const whole = await clientHello('socket');
  const half = whole.subarray(0, whole.length >> 1);
  let left = attacker.share(halfHandshakes);
  await attacker.keep(opensAtOnce, async (which) => {
    if (left === 0) return undefined;
    left--;
    const connection = await attacker.connect(transports[which % 2] as TransportName);
    void connection?.closed.then(() => left++);
    if (connection === undefined) {
      left++;
      return undefined;
    }
    connection.read(() => {});
    await connection.write(half);
    return true;
  });
}

/** Makes a TLS handshake, and then writes records without end. */
async function flood(
  attacker: Attacker,
  transport: TransportName,
  batch: (records: TlsRecords) => Buffer[],
): Promise<RawConnection | undefined> {
  const connection = await attacker.connect(transport);
  if (connection === undefined) return undefined;
  const records = await agreeOnTls(connection, transport);
  if (records === undefined) return undefined;
  while (connection.isOpen && !attacker.isOver) {
    const written = batch(records);
    await connection.write(Buffer.concat(written));
    attacker.count('records', written.length);
  }
  connection.reset();
  return connection;
}

function newKeys(attacker: Attacker): Promise<void> {
  return attacker.keep(attacker.share(floods), (which) =>
    flood(attacker, transports[which % 2] as TransportName, (records) =>
      Array.from({ length: recordsPerWrite }, () => records.newKeys()),
    ),
  );
}

function tinyRecords(attacker: Attacker): Promise<void> {
  const bytes = request('search', 'nobody');
  return attacker.keep(attacker.share(floods), () => {
    let said: Buffer = hello;
    return flood(attacker, 'socket', (records) => {
      const batch = [...said].map((byte) => records.data(Buffer.of(byte)));
      said = bytes;
      return batch;
    });
  });
}

/** Attacks on TLS. */
export const tlsAttacks: readonly Attack[] = [
  {
    name: 'tls-handshakes',
    does: 'handshakes of TLS on both ports, reset as soon as the server has done its part',
    heldBy: 'a handshake waits for a turn of the event loop, which its address shares with others',
    processes: 2,
    addresses: 8,
    run: handshakes,
  },
  {
    name: 'tls-half-handshakes',
    does: 'half of the first message of a handshake on 4,000 connections',
    heldBy:
      'TLS gets the first record of a handshake when it is whole; a handshake ends after 5 s; a few connections end in each turn of the event loop',
    processes: 2,
    addresses: 8,
    run: halves,
  },
  {
    name: 'tls-new-keys',
    does: 'new keys of TLS without end, on both ports',
    heldBy:
      'the server closes a connection with more than 16 KB of records without content; it checks each second, and each 20 ms when it is busy',
    addresses: 8,
    run: newKeys,
  },
  {
    name: 'tls-tiny-records',
    does: 'searches over TLS, each byte of them in a record of its own',
    heldBy: 'requests a turn of the event loop, for each connection',
    addresses: 8,
    run: tinyRecords,
  },
].map((attack) => ({ ...attack, family: 'encryption', tls: true, honest: newcomers }) as const);
