import type { Socket } from 'node:net';
import {
  encodeFramedResponse,
  encodeSeedStatus,
  framedVersion,
  isFramedVersion,
  Status,
} from '@tandem/core';

const waitMs = 1_000;

/**
 * Tells a client that the server takes no more connections, in the dialect of its first byte, and
 * closes. A client that says nothing at once is told nothing. [P-6.10]
 */
export function refuseBusy(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), waitMs);
  timer.unref();
  socket.on('error', () => {});
  socket.on('close', () => clearTimeout(timer));
  socket.once('data', (chunk) => {
    socket.end(isFramedVersion(chunk[0] as number) ? framedRefusal : seedRefusal);
    socket.resume();
  });
  socket.on('end', () => socket.end());
}

const framedRefusal = Buffer.concat([
  Buffer.of(framedVersion),
  encodeFramedResponse(Status.tooBusy),
]);
const seedRefusal = encodeSeedStatus(Status.tooBusy);
