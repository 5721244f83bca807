import { type Account, WireError } from '../dissector.ts';
import { Flag, type Http2Frame } from './frame.ts';

/** The payload without its padding, which is accounted for. (RFC 9113, section 6.1) */
export function unpad({ flags, payload }: Http2Frame, account: Account): Buffer {
  if ((flags & Flag.padded) === 0) return payload;
  const paddingBytes = payload[0];
  if (paddingBytes === undefined || paddingBytes >= payload.length) {
    throw new WireError('more padding than payload');
  }
  account('http2Other', 1 + paddingBytes);
  return payload.subarray(1, payload.length - paddingBytes);
}
