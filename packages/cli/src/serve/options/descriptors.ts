import { defaultSocketServerLimits } from '@tandem/socket-server/limits';

// What a server has open without any client: its database, its log, what Node.js works with, and up to 16
// connections of the operator. About thirty without these, and as many again to spare.
const ownFiles = 80;

/** The number of connections that the operating system allows. */
export interface ConnectionRoom {
  /** Of each transport. */
  readonly connectionsMax: number;
  /** Of clients that are being told that the server is full. */
  readonly refusalsMax: number;
}

/**
 * Returns what the operating system leaves of the connections that were asked for: each is an open
 * file, and when there are no more, the system drops connections without a word. Undefined when it leaves
 * too few to serve at all.
 *
 * @param openFilesMax how many files this process may have open
 * @param transports how many transports are served; each has the same part
 */
export function roomForConnections(
  connectionsMax: number,
  openFilesMax: number,
  transports: number,
): ConnectionRoom | undefined {
  const left = openFilesMax - ownFiles;
  // Clients at a full server of sockets that are being told so: each has a descriptor, too.
  const refusals = Math.min(defaultSocketServerLimits.refusalsMax, Math.floor(left / 4));
  const room = Math.floor((left - refusals) / transports);
  if (room < 1 || refusals < 1) return undefined;
  return { connectionsMax: Math.min(connectionsMax, room), refusalsMax: refusals };
}
