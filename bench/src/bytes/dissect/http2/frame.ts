import { WireError } from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';

/** Frame types. (RFC 9113, section 6) */
export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  resetStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goAway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

/** Flags, by their meaning on the types that have them. */
export const Flag = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 };

/** The header of a frame, in bytes: length, type, flags, stream. (RFC 9113, section 4.1) */
const frameHeaderBytes = 9;

/** The longest payload until SETTINGS say otherwise. (RFC 9113, section 6.5.2) */
const defaultFramePayloadBytesMax = 16_384;

/** A frame as it crossed. */
export interface Http2Frame {
  /** Any byte; a receiver ignores unknown types. */
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection itself. */
  readonly streamId: number;
  /** The bit before the stream, which a receiver ignores. */
  readonly reservedBit: boolean;
  readonly payload: Buffer;
}

/** Turns the bytes of one direction, after the preface, into frames. */
export class FrameDecoder extends PendingBytes {
  /** The longest payload that the receiver takes. */
  payloadBytesMax = defaultFramePayloadBytesMax;

  /** The next frame; undefined when more bytes are needed. */
  next(): Http2Frame | undefined {
    const header = this.peek(0, frameHeaderBytes);
    if (header === undefined) return undefined;
    const payloadBytes = header.readUIntBE(0, 3);
    if (payloadBytes > this.payloadBytesMax)
      throw new WireError(`a frame of ${payloadBytes} bytes`);
    const frame = this.take(frameHeaderBytes + payloadBytes);
    if (frame === undefined) return undefined;
    return {
      type: frame.readUInt8(3),
      flags: frame.readUInt8(4),
      streamId: number31(frame, 5),
      reservedBit: hasHighBit(frame, 5),
      payload: frame.subarray(frameHeaderBytes),
    };
  }
}

/** A number of 31 bits, behind one that is reserved or has a meaning of its own. */
export function number31(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) & 0x7fff_ffff;
}

/** Returns true if the bit before such a number is set. */
export function hasHighBit(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at) & 0x80) !== 0;
}
