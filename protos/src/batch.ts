import { Metadata } from '@grpc/grpc-js';
import { contentsOf } from './wire-format.ts';

/** The most frames of a batch that is sent or taken here. */
export const batchFramesMax = 64;

/** The most bytes of a message to the server, decompressed; a batch is one. The longest valid request takes less than 400. */
export const requestBytesMax = 4_096;

/** The metadata key of the most frames that a batch may have. */
export const batchFramesKey = 'batch-frames-max';

/** Returns the metadata that says that batches are taken. */
export function batchMetadata(): Metadata {
  const metadata = new Metadata();
  metadata.set(batchFramesKey, `${batchFramesMax}`);
  return metadata;
}

/** Returns the most frames that a batch to the sender of this metadata may have; 1 when it takes no batches. */
export function batchFramesOf(metadata: Metadata): number {
  const [said] = metadata.get(batchFramesKey);
  const most = typeof said === 'string' && /^[1-9][0-9]{0,3}$/.test(said) ? Number(said) : 1;
  return Math.min(most, batchFramesMax);
}

// The number of the batch in a ClientFrame, and that of the frames in it.
const batchField = 1000;
const framesField = 1;

// The tag of the batch, as a writer writes it: with a length, in two bytes.
const batchTag = batchField * 8 + 2;
const firstByte = (batchTag & 0x7f) | 0x80;
const secondByte = batchTag >> 7;

/** Tells whether a message to the server begins as a batch does. */
export function isBatch(message: Uint8Array): boolean {
  return message[0] === firstByte && message[1] === secondByte;
}

/**
 * Returns the frames of a batch to the server, each as its bytes, so that none is read before its turn:
 * a stream may have many messages that wait. Returns undefined for a batch that is empty or too long, or
 * has anything besides its frames.
 */
export function framesOf(message: Buffer): Buffer[] | undefined {
  const [batch] = contentsOf(message, batchField, 1) ?? [];
  if (batch === undefined) return undefined;
  const frames = contentsOf(batch, framesField, batchFramesMax);
  return frames?.length === 0 ? undefined : frames;
}
