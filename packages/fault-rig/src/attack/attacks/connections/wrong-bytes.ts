import type { Attacker } from '../../attacker/attacker.ts';
import type { Attack } from '../attack.ts';

const atOnce = 32;
const patienceMs = 200;
const http = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n', 'latin1');
// The beginning of a TLS 1.3 ClientHello: a handshake record and its content.
const clientHello = Buffer.concat([
  Buffer.from('16030100c8010000c40303', 'hex'),
  Buffer.alloc(32, 0x5a),
  Buffer.from('20', 'hex'),
  Buffer.alloc(157, 0x13),
]);

/** Connects to both ports, sends bytes that neither expects, and waits a little for the end. */
async function say(attacker: Attacker, bytes: () => Buffer): Promise<void> {
  await attacker.keepConnected('both', attacker.share(atOnce), async (connection) => {
    connection.read(() => {});
    await connection.write(bytes());
    await Promise.race([connection.closed, attacker.pause(patienceMs)]);
    connection.reset();
  });
}

const heldBy =
  'the first bytes decide; the connection is closed, and no line of the log is an error';

/** Attacks by bytes of no protocol. */
export const wrongBytes: readonly Attack[] = [
  {
    name: 'garbage',
    family: 'bytes',
    does: 'random bytes to both ports',
    heldBy,
    addresses: 4,
    run: (attacker) =>
      say(attacker, () =>
        Buffer.from(Array.from({ length: 512 }, () => attacker.random.integer(0, 255))),
      ),
  },
  {
    name: 'http1',
    family: 'bytes',
    does: 'requests of HTTP/1.1 to both ports',
    heldBy,
    addresses: 4,
    run: (attacker) => say(attacker, () => http),
  },
  {
    name: 'tls',
    family: 'bytes',
    does: 'the beginning of TLS to both ports',
    heldBy,
    addresses: 4,
    run: (attacker) => say(attacker, () => clientHello),
  },
];
