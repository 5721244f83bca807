import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

// As long as the longest frame of HTTP/2. [RFC 9113, 4.1 and 6.5.2]
const readBytesMax = 9 + 16 * 1024;

// All sockets read into it: the bytes are copied before the next read.
const memory = Buffer.allocUnsafeSlow(readBytesMax);

/** A socket of Node's, with the parts that its option `onread` sets. */
interface SocketState {
  readonly _handle?: { useUserBuffer?(memory: Buffer): void } | null;
  [key: symbol]: unknown;
}

/**
 * Has a socket read at most the bytes of one frame at a time. Node.js reads up to 64 KiB at a time, each time into
 * new memory: when hundreds of connections have sent something, that alone makes a turn of the event loop long.
 *
 * Node.js reads into memory of the program for a socket that was made with the option `onread`. A server cannot give
 * it for those that it accepts, so this sets what the option sets.
 *
 * @param socket paused, and never read yet
 * @param take gets all bytes in place of listeners of `data`
 * @returns false where this version of Node.js keeps these parts elsewhere, and for TLS, which reads 16 KiB at a
 *   time; then `take` gets nothing, and all is as before
 */
export function readInSmallParts(socket: Duplex, take: (bytes: Buffer) => void): boolean {
  if (!(socket instanceof Socket) || socket instanceof TLSSocket) return false;
  const keyOf = (name: string) =>
    Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
  const [memoryKey, callbackKey] = [keyOf('kBuffer'), keyOf('kBufferCb')];
  const state = socket as unknown as SocketState;
  const handle = state._handle;
  if (memoryKey === undefined || callbackKey === undefined || !handle?.useUserBuffer) return false;
  state[memoryKey] = memory;
  state[callbackKey] = (length: number) => {
    take(Buffer.from(memory.subarray(0, length)));
    return true;
  };
  handle.useUserBuffer(memory);
  return true;
}
