import type { Socket } from 'node:net';

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

const observer = Symbol('who is told of the events of a socket');

/**
 * Tells `events` what happens to the socket. The listeners are the same few functions for all
 * sockets: a closure for each event of each connection would be a fifth of what an idle one costs.
 */
export function deliverEvents(socket: ObservedSocket, events: SocketEvents): void {
  socket[observer] = events;
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', onError);
  socket.on('close', onClose);
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
