import { dissectConnection } from './dissect.ts';
import { RecordedConnection } from './recorder.ts';

export { renderFlights } from './hexdump.ts';

/** A connection to a chat server that is taken apart while it goes on: a tap's chunks go in. */
export function liveConnection(
  wire: 'framed' | 'grpc-unary' | 'grpc-converse',
): RecordedConnection {
  return new RecordedConnection(0, (tally) => dissectConnection({ wire, hasChat: true }, tally));
}
