import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';

/** Messages of the handshake. (RFC 8446, section 4) */
export const HandshakeType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  certificateVerify: 15,
  finished: 20,
  keyUpdate: 24,
} as const;

/** A message of the handshake, however records cut it. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
}

const headerBytes = 4;

/** Puts the messages of one direction together. */
export class HandshakeDecoder extends PendingBytes {
  next(): HandshakeMessage | undefined {
    const header = this.peek(0, headerBytes);
    if (header === undefined) return undefined;
    const message = this.take(headerBytes + header.readUIntBE(1, 3));
    return message && { type: message.readUInt8(0), body: message.subarray(headerBytes) };
  }
}

// Both hellos begin with a version and 32 random bytes. (RFC 8446, sections 4.1.2 and 4.1.3)
const randomStart = 2;
const randomEnd = randomStart + 32;

/** The key of a connection's secrets in the key log. */
export function clientRandomOf({ body }: HandshakeMessage): string {
  if (body.length < randomEnd) throw new WireError('a ClientHello that is cut off');
  return body.toString('hex', randomStart, randomEnd);
}

/** The number of the cipher suite that the server chose. */
export function cipherSuiteOf({ body }: HandshakeMessage): number {
  const sessionIdBytes = body[randomEnd];
  const at = randomEnd + 1 + (sessionIdBytes ?? 0);
  if (body.length < at + 2) throw new WireError('a ServerHello that is cut off');
  return body.readUInt16BE(at);
}

const names = new Map<number, string>(
  Object.entries(HandshakeType).map(([name, type]) => [type, name]),
);

/** A message in words: `serverHello`. */
function handshakeTitle({ type }: HandshakeMessage): string {
  return names.get(type) ?? `handshake message of type ${type}`;
}

/** Annotates a message. (RFC 8446, section 4) */
export function annotateHandshake(message: HandshakeMessage, annotator: Annotator): void {
  const title = handshakeTitle(message);
  annotator.within({ title, clause: 'RFC 8446, 4' }, () => {
    annotator.add('tlsHandshake', 1, `type ${message.type}: ${title}`);
    annotator.add('tlsHandshake', 3, `length ${message.body.length}`);
    annotator.add('tlsHandshake', message.body.length, title);
  });
}
