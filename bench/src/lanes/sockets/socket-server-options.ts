import { defaultSocketServerLimits } from '@tandem/socket-server';

const { connectionsMax } = defaultSocketServerLimits;

/** The fairness ledger's entry of the socket server, in either dialect. */
export const socketServerOptions = `server: ${connectionsMax} connections, however many from one address, 32 requests of a connection a turn, 1,024 responses owed, all limits as \`tandem serve\` has them`;
