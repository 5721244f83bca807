import { dissectConnection } from './dissect.ts';
import { RecordedConnection } from './recorder.ts';

export { renderFlights } from './hexdump.ts';

/** Takes a connection to a chat server apart while it lasts, from the chunks of a tap. */
export function liveConnection(
  wire: 'framed' | 'grpc-unary' | 'grpc-converse',
): RecordedConnection {
  return new RecordedConnection(0, (tally) => dissectConnection({ wire, hasChat: true }, tally));
}
