import type { Annotator } from '../annotator.ts';
import type { PendingBytes } from '../pending-bytes.ts';

const headEnd = '\r\n\r\n';

/** Takes the head of a message: a start line and headers, with the empty line behind them. (RFC 9112, 2.1) */
export function takeHead(pending: PendingBytes): Buffer | undefined {
  const end = pending.peek(0, pending.length)?.indexOf(headEnd, 0, 'latin1') ?? -1;
  return end < 0 ? undefined : pending.take(end + headEnd.length);
}

/** Annotates a head, line by line. */
export function annotateHead(head: Buffer, annotator: Annotator): void {
  annotator.within({ title: 'head', clause: 'RFC 9112, 2.1' }, () => {
    for (const line of head.toString('latin1').split(/(?<=\n)/)) {
      annotator.add('http1', line.length, line.trim() || 'empty line: end of the head');
    }
  });
}
