import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** The first byte of a TLS handshake. [RFC 8446, 5.1] */
const handshakeByte = 0x16;

/** Tells if the first bytes of a connection are those of TLS. [P-10.1] */
export function isHandshake(begin: Uint8Array): boolean {
  return begin[0] === handshakeByte;
}

// A first message has less, unless somebody pads it.
const heldBytesMax = 4 * 1024;
const recordHeaderBytes = 5;

// The first byte of every version of TLS.
const versionMajor = 3;

/**
 * Tells if the first record of a handshake is whole, or no record of TLS, or longer than is worth waiting
 * for. To begin with half of one costs a server as much as with all of it. [RFC 8446, 5.1]
 */
export function isWhole(begin: Buffer): boolean {
  if (begin.length > 1 && begin[1] !== versionMajor) return true;
  if (begin.length < recordHeaderBytes) return false;
  return begin.length >= Math.min(recordHeaderBytes + begin.readUInt16BE(3), heldBytesMax);
}

/** The alert for a client that is refused before TLS is agreed on, since the server is full: "internal error". [P-10.2] */
export const busyOverTls = Buffer.of(0x15, 3, 3, 0, 2, 2, 80);

/** Returns what is agreed on over TLS, for the log; undefined without it. */
export function tlsDetails(socket: Socket): object | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return { version: socket.getProtocol(), cipher: socket.getCipher()?.name };
}

/**
 * The alert for a client that does not speak TLS where it has to: "protocol version", as a server that
 * speaks TLS alone says it. Any client that knows TLS sees so what it has to do. [RFC 8446, 6]
 */
export const speaksTlsAlone = Buffer.of(0x15, 3, 3, 0, 2, 2, 70);

/** The response to a client of gRPC whose handshake names no h2, as HTTP/1.1: it may be a browser or a tool. [P-10.1] */
export const noAlpn = Buffer.from(
  'HTTP/1.1 505 HTTP Version Not Supported\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n' +
    'This port speaks gRPC, for which a client names h2 in its TLS handshake (ALPN).\n',
);
