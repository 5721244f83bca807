import type { Annotator, Annotators } from '../annotator.ts';
import type { ConnectionDissector, Dissector } from '../dissector.ts';

/** Takes an echo apart: every byte is content. */
export function dissectEcho(annotators: Annotators): ConnectionDissector {
  const all = (annotator: Annotator): Dissector => ({
    pendingBytes: 0,
    push: (chunk) => annotator.add('content', chunk.length, 'bytes that are echoed'),
  });
  return { sent: all(annotators.sent), received: all(annotators.received) };
}
