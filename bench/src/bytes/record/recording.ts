import type { ArrivedChunk } from '@tandem/proxy';
import type { Annotation, Annotators } from '../dissect/annotator.ts';
import type { Traffic, WireEntry } from '../ledger.ts';

/** The bytes of one entry of the ledger, each with its annotation. */
export interface Recording extends Pick<WireEntry, 'lane' | 'operation' | 'call' | 'tls'> {
  /** In the order in which they crossed. */
  readonly flights: readonly Flight[];
}

/** The bytes that one side sent before the other side spoke. */
export interface Flight {
  readonly direction: keyof Annotators;
  /** As they crossed: sealed, over TLS. */
  readonly bytes: Buffer;
  /** One behind the other; their offsets are within the flight. */
  readonly annotations: readonly Annotation[];
}

/**
 * The flights of a step.
 *
 * @param before the bytes that had crossed before the step
 * @throws Error when a byte has no annotation, or more than one
 */
export function flightsOf(
  chunks: readonly ArrivedChunk[],
  before: Traffic,
  annotations: Readonly<Record<keyof Annotators, readonly Annotation[]>>,
): Flight[] {
  const at = { ...before };
  const sorted = { sent: inOrder(annotations.sent), received: inOrder(annotations.received) };
  const flights = joined(chunks).map(({ direction, bytes }) => {
    const start = at[direction];
    at[direction] += bytes.length;
    return { direction, bytes, annotations: within(sorted[direction], start, at[direction]) };
  });
  for (const direction of ['sent', 'received'] as const) {
    refuseGaps(sorted[direction], before[direction], at[direction]);
  }
  return flights;
}

/** The direction of a chunk, as the ledger calls it. */
export function wayOf(direction: ArrivedChunk['direction']): keyof Annotators {
  return direction === 'toServer' ? 'sent' : 'received';
}

function joined(chunks: readonly ArrivedChunk[]): Pick<Flight, 'direction' | 'bytes'>[] {
  const flights: { direction: keyof Annotators; bytes: Buffer }[] = [];
  for (const { direction, bytes } of chunks) {
    const last = flights.at(-1);
    if (last?.direction === wayOf(direction)) last.bytes = Buffer.concat([last.bytes, bytes]);
    else flights.push({ direction: wayOf(direction), bytes });
  }
  return flights;
}

function inOrder(annotations: readonly Annotation[]): Annotation[] {
  return annotations.toSorted((a, b) => a.offset - b.offset);
}

// One write may have crossed in two flights.
function within(annotations: readonly Annotation[], start: number, end: number): Annotation[] {
  return annotations.flatMap((annotation) => {
    const from = Math.max(annotation.offset, start);
    const to = Math.min(annotation.offset + annotation.length, end);
    return from < to ? [{ ...annotation, offset: from - start, length: to - from }] : [];
  });
}

function refuseGaps(annotations: readonly Annotation[], start: number, end: number): void {
  let at = start;
  for (const { offset, length } of annotations) {
    if (offset !== at) throw new Error(`byte ${Math.min(at, offset)} is not annotated once`);
    at += length;
  }
  if (at !== end) throw new Error(`${end - start} bytes crossed, ${at - start} are annotated`);
}
