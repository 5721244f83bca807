import type { Annotators } from '../annotator.ts';
import { type ConnectionDissector, WireError } from '../dissector.ts';
import { type Epoch, TlsDirection } from './direction.ts';
import {
  cipherSuiteOf,
  clientRandomOf,
  type HandshakeMessage,
  HandshakeType,
} from './handshake.ts';
import type { KeyLog } from './key-log.ts';
import { RecordKey } from './record-key.ts';

/** The labels of a key log. (SSLKEYLOGFILE, RFC 9850) */
const labels = {
  sent: { handshake: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', data: 'CLIENT_TRAFFIC_SECRET_0' },
  received: { handshake: 'SERVER_HANDSHAKE_TRAFFIC_SECRET', data: 'SERVER_TRAFFIC_SECRET_0' },
} as const;

/**
 * Takes TLS 1.3 apart. It opens the records with the secrets of the connection, since only their
 * plaintext shows which are the handshake's. Their data goes to the dissector of the transport;
 * it is annotated where it crossed, since encryption keeps the place of each byte.
 *
 * The bytes of both directions are to come in the order in which they crossed.
 */
export function dissectTls(
  annotators: Annotators,
  dissectPlain: (annotators: Annotators) => ConnectionDissector,
  keyLog: KeyLog,
): ConnectionDissector {
  const carried = { sent: annotators.sent.carried(), received: annotators.received.carried() };
  const plain = dissectPlain(carried);
  const hellos = new Hellos(keyLog);
  const direction = (way: keyof Annotators) =>
    new TlsDirection(
      annotators[way],
      { dissector: plain[way], annotator: carried[way] },
      {
        hello: (message) => hellos.take(message),
        key: (epoch) => hellos.key(way, epoch),
      },
    );
  return { sent: direction('sent'), received: direction('received') };
}

/** The hellos of both sides, which are not encrypted and are enough to find the keys. */
class Hellos {
  readonly #keyLog: KeyLog;
  #clientRandom: string | undefined;
  #cipherSuite: number | undefined;

  constructor(keyLog: KeyLog) {
    this.#keyLog = keyLog;
  }

  take(message: HandshakeMessage): void {
    if (message.type === HandshakeType.clientHello) this.#clientRandom = clientRandomOf(message);
    else if (message.type === HandshakeType.serverHello) this.#cipherSuite = cipherSuiteOf(message);
    else throw new WireError(`a handshake message of type ${message.type} in the clear`);
  }

  key(way: keyof Annotators, epoch: Epoch): RecordKey {
    if (this.#clientRandom === undefined || this.#cipherSuite === undefined) {
      throw new WireError('a sealed TLS record before both hellos');
    }
    const secret = this.#keyLog.secret(this.#clientRandom, labels[way][epoch]);
    if (secret === undefined) throw new WireError('nobody logged the secrets of this connection');
    return new RecordKey(this.#cipherSuite, secret);
  }
}
