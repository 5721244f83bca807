import { inOwnMemory, keyOfPart } from './node-parts.ts';

/** The most that a socket reads at a time in small parts, in bytes: the longest frame of HTTP/2. [RFC 9113, 4.1 and 6.5.2] */
export const smallReadBytesMax: number = 9 + 16 * 1024;

// All sockets read into it: the bytes are copied before the next read.
const memory = Buffer.allocUnsafeSlow(smallReadBytesMax);

/** A socket of `node:net`, with the parts that its option `onread` sets. Other streams have none of them. */
interface SocketState {
  readonly _handle?: { useUserBuffer?(memory: Buffer): void } | null;
  readonly bytesRead?: number;
  /** True for TLS. */
  readonly encrypted?: boolean;
  [key: symbol]: unknown;
}

/**
 * Returns a function that has a socket read in small parts: at most {@link smallReadBytesMax} at a time, into memory
 * that all sockets share. Node.js reads up to 64 KiB at a time, each time into new memory: when hundreds of
 * connections have sent something, that alone makes a turn of the event loop long.
 *
 * The function is to be called before the socket was read. It may read already, if no byte has come. The function
 * returns false, and leaves the socket as it is, unless the socket is one of TCP that is open, no byte has come, and
 * this version of Node.js has the parts of `onread` in these places.
 *
 * Node.js reads into memory of the program for a socket that was made with the option `onread`. A server cannot give
 * it for those that it accepts, so this sets what the option sets.
 *
 * @param take gets all bytes of a socket in place of listeners of `data`, in memory of their own; `this` is the socket
 */
export function smallReads<Socket extends object>(
  take: (this: Socket, bytes: Buffer) => void,
): (socket: Socket) => boolean {
  // One function for all sockets: an idle connection would pay for a closure. Node.js calls it as a method.
  function taken(this: Socket, length: number): boolean {
    take.call(this, inOwnMemory(memory.subarray(0, length)));
    return true;
  }
  return (socket) => {
    const state = socket as SocketState;
    // TLS reads from another socket, and hands over all that it has decrypted, whether it is paused or not.
    if (state.encrypted === true) return false;
    const [memoryKey, callbackKey] = [keyOfPart(state, 'kBuffer'), keyOfPart(state, 'kBufferCb')];
    const handle = state._handle;
    if (memoryKey === undefined || callbackKey === undefined || !handle?.useUserBuffer) {
      return false;
    }
    // They would be lost without a listener of `data`.
    if (state.bytesRead !== 0) return false;
    state[memoryKey] = memory;
    state[callbackKey] = taken;
    handle.useUserBuffer(memory);
    return true;
  };
}
