import type { Socket } from 'node:net';
import { smallReadBytesMax, smallReads } from '@tandem/core/server';

/** Is told of the events of a socket. */
export interface SocketEvents {
  /** Takes bytes, as one read returned them. */
  receive(chunk: Buffer): void;
  /** The client ended its side. */
  endInput(): void;
  /** The socket has room again. */
  drain(): void;
  /** The socket failed; `closed` follows. */
  failed(error: Error): void;
  /** The socket is gone. */
  closed(): void;
}

interface ObservedSocket extends Socket {
  [observer]?: SocketEvents;
}

// The most that Node.js reads at once by itself.
const readBytesMax = 64 * 1024;

const observer = Symbol('who is told of the events of a socket');

const readInSmallParts = smallReads(onData);

/**
 * Tells `events` what happens to the socket, but not its end. The listeners are the same few functions
 * for all sockets: an idle connection would pay for a closure for each.
 *
 * A socket is read in small parts where that is possible. A client that sends much and reads nothing would otherwise
 * hold 64 KiB, and such pieces fragment the heap.
 *
 * @returns the most that one read brings, in bytes
 */
export function deliverEvents(socket: ObservedSocket, events: SocketEvents): number {
  socket[observer] = events;
  dropOwnEndListener(socket);
  const isSmall = readInSmallParts(socket);
  if (!isSmall) socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', onError);
  return isSmall ? smallReadBytesMax : readBytesMax;
}

/** Tells `events` when the socket is gone, where nobody else does. */
export function deliverEnd(socket: ObservedSocket, events: SocketEvents): void {
  socket[observer] = events;
  socket.on('close', onClose);
}

/**
 * Takes away the listener of Node.js for the end of reading, which does nothing where each side ends by
 * itself. With ours it would be a list, of 104 bytes.
 */
function dropOwnEndListener(socket: Socket): void {
  if (!socket.allowHalfOpen) return;
  for (const listener of socket.listeners('end')) socket.off('end', listener as () => void);
}

function onData(this: ObservedSocket, chunk: Buffer): void {
  this[observer]?.receive(chunk);
}

function onEnd(this: ObservedSocket): void {
  this[observer]?.endInput();
}

function onDrain(this: ObservedSocket): void {
  this[observer]?.drain();
}

function onError(this: ObservedSocket, error: Error): void {
  this[observer]?.failed(error);
}

function onClose(this: ObservedSocket): void {
  this[observer]?.closed();
}

/**
 * Forgets the address of the client, which Node.js keeps for each socket once it was asked for: 88 bytes.
 * It asks the system again when it has to.
 */
export function forgetAddress(socket: Socket & { _peername?: object | undefined }): void {
  socket._peername = undefined;
}
