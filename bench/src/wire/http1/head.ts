import type { PendingBytes } from '../pending-bytes.ts';

const headEnd = '\r\n\r\n';

/** Takes the head of a message: a start line and headers, with the empty line behind them. (RFC 9112, 2.1) */
export function takeHead(pending: PendingBytes): Buffer | undefined {
  const end = pending.peek(0, pending.length)?.indexOf(headEnd, 0, 'latin1') ?? -1;
  return end < 0 ? undefined : pending.take(end + headEnd.length);
}
