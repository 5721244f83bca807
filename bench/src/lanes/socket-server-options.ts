/** What the fairness ledger says of the socket server, in either dialect. */
export const socketServerOptions =
  'limits of the server as `tandem serve` has them: 20,000 connections, however many from one address, 32 requests of a connection a turn, 1,024 answers owed';
