import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { inOwnMemory, keyOfPart } from '../node-parts.ts';

// The longest frame of HTTP/2. [RFC 9113, 4.1 and 6.5.2]
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
 * @returns false, and leaves the socket as it is, unless it is one of TCP that is open and was never read, and
 *   this version of Node.js has these parts in these places
 */
export function readInSmallParts(socket: Duplex, take: (bytes: Buffer) => void): boolean {
  // TLS reads from another socket, and hands over all that it has decrypted, whether it is paused or not.
  if (!(socket instanceof Socket) || socket instanceof TLSSocket) return false;
  const [memoryKey, callbackKey] = [keyOfPart(socket, 'kBuffer'), keyOfPart(socket, 'kBufferCb')];
  const state = socket as unknown as SocketState;
  const handle = state._handle;
  if (memoryKey === undefined || callbackKey === undefined || !handle?.useUserBuffer) return false;
  // They would be lost without a listener of `data`.
  if (socket.bytesRead > 0) return false;
  state[memoryKey] = memory;
  state[callbackKey] = (length: number) => {
    take(inOwnMemory(memory.subarray(0, length)));
    return true;
  };
  handle.useUserBuffer(memory);
  return true;
}
