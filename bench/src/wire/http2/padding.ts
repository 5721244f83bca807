import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { Flag, type Http2Frame } from './frame.ts';

/** Takes the payload without its padding, which is annotated around it. (RFC 9113, section 6.1) */
export function unpad(
  { flags, payload }: Http2Frame,
  annotator: Annotator,
  take: (unpadded: Buffer) => void,
): void {
  if ((flags & Flag.padded) === 0) {
    take(payload);
    return;
  }
  const paddingBytes = payload[0];
  if (paddingBytes === undefined || paddingBytes >= payload.length) {
    throw new WireError('more padding than payload');
  }
  annotator.add('http2Other', 1, `length ${paddingBytes} of the padding`);
  take(payload.subarray(1, payload.length - paddingBytes));
  annotator.add('http2Other', paddingBytes, 'padding');
}
