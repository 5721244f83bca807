import type { Annotation, Part } from '../dissect/annotator.ts';
import { layerNames } from '../dissect/tally.ts';
import type { Layer } from '../layers.ts';
import type { Flight, Recording } from '../record/recording.ts';

/** A line of an outline: a part that begins, or a run of bytes in the parts above it. */
export type OutlineLine =
  | { readonly depth: number; readonly part: Part }
  | { readonly depth: number; readonly annotation: Annotation; readonly bytes: Buffer };

/** Lists the parts and bytes of a flight, line by line; each part stands before its bytes. */
export function outline({ bytes, annotations }: Flight): OutlineLine[] {
  let open: readonly Part[] = [];
  return annotations.flatMap((annotation) => {
    const { parts, offset, length } = annotation;
    const same = parts.findIndex((part, depth) => part !== open[depth]);
    const begins =
      same < 0 ? [] : parts.slice(same).map((part, at) => ({ depth: same + at, part }));
    open = parts;
    const run = bytes.subarray(offset, offset + length);
    return [...begins, { depth: parts.length, annotation, bytes: run }];
  });
}

/** The bytes of each layer, both ways together; in the order of the ledger. */
export function layerSums(flights: readonly Flight[]): (readonly [Layer, number])[] {
  const annotations = flights.flatMap((flight) => flight.annotations);
  return layerNames
    .map((layer) => {
      const lengths = annotations.map((one) => (one.layer === layer ? one.length : 0));
      return [layer, lengths.reduce((sum, length) => sum + length, 0)] as const;
    })
    .filter(([, bytes]) => bytes > 0);
}

/** Bytes as pairs of digits. */
export function hexPairs(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$& ');
}

/** Names a recording in words: `send on grpc-unary, a later one, over TLS: 100 bytes sent, 20 received`. */
export function recordingTitle(recording: Recording): string {
  const { operation, lane, tls, call, flights } = recording;
  const sum = (direction: Flight['direction']) =>
    flights.reduce((all, one) => all + (one.direction === direction ? one.bytes.length : 0), 0);
  const [sent, received] = [sum('sent'), sum('received')];
  const which = callWords[call] + (tls ? ', over TLS 1.3' : '');
  const bytes = `${bytesWords(sent)} sent, ${received} received, ${sent + received} altogether`;
  return `${operation} on ${lane}${which}: ${bytes}`;
}

/** A number of bytes, in words. */
export function bytesWords(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

/** The call of an operation, in words that follow its name. */
const callWords = {
  connection: '',
  first: ', the first on its connection',
  warm: ', a later one',
} as const;

/** One letter for each layer, for a text without colour. */
export const layerLetters: Readonly<Record<Layer, string>> = {
  content: 'C',
  separators: '|',
  framing: 'F',
  protobuf: 'P',
  json: 'J',
  grpcPrefix: 'G',
  http1: '1',
  webSocket: 'W',
  http2Frames: '2',
  hpack: 'H',
  settings: 'S',
  windowUpdate: 'U',
  ping: 'N',
  http2Other: 'O',
  tlsHandshake: 'K',
  tlsRecords: 'T',
};
