import type { Annotation, Part } from '../dissect/annotator.ts';
import type { Layer } from '../layers.ts';
import type { Recording } from '../record/recording.ts';
import { layerLetters, layerSums } from './outline.ts';

const [unaryLane, converseLane] = ['grpc-unary', 'grpc-converse'];

/** A step of an explanation. */
export interface WalkStep {
  /** The letters of the layers that it explains; empty when it explains all of them. */
  readonly layers: readonly string[];
  /** The lane that it compares with sockets. */
  readonly lane: string;
  readonly text: string;
}

/**
 * Explains, layer by layer, the bytes of a later send over sockets, as a unary call and on a stream,
 * with the figures of the recordings. Returns an empty list where one of the first two was not recorded.
 */
export function walk(recordings: readonly Recording[]): WalkStep[] {
  const sendOn = (lane: string) => {
    const found = recordings.find(
      (one) => one.lane === lane && one.operation === 'send' && one.call === 'warm' && !one.tls,
    );
    return found === undefined ? undefined : new Sums(found);
  };
  const [sockets, unary, converse] = ['sockets-framed', unaryLane, converseLane].map(sendOn);
  if (sockets === undefined || unary === undefined) return [];
  const frames = unary.of('http2Frames') / 9;
  const short = unary.headers.filter((bytes) => bytes === 1).length;
  const [path, token] = unary.headers.filter((bytes) => bytes > 1);
  const [request, response, trailers] = unary.headerBlocks;
  return [
    step(
      ['content'],
      `The content is ${sockets.of('content')} bytes: sender, recipient and body. Both wires carry them as they are.`,
    ),
    step(
      ['separators', 'framing'],
      `Sockets add ${sockets.total - sockets.of('content')}: one byte for the operation, two for the length, ${sockets.of('separators')} separators between the three texts, and one byte for the whole response. That makes ${sockets.total}.`,
    ),
    step(
      ['protobuf'],
      `A unary call writes the same as protobuf: a tag and a length before each of the three texts, a tag and a number in the response. That takes ${unary.of('protobuf')} bytes.`,
    ),
    step(
      ['grpcPrefix'],
      `gRPC puts 5 bytes before each message: a flag that says whether it is compressed, and its length. Request and response together take ${unary.of('grpcPrefix')} bytes.`,
    ),
    step(
      ['http2Frames'],
      `HTTP/2 puts 9 bytes before each frame: length, type, flags, stream. A unary call has ${frames} frames: HEADERS and DATA for the request; HEADERS, DATA, and HEADERS again, the trailers, for the response. That takes ${unary.of('http2Frames')} bytes.`,
    ),
    step(
      ['hpack'],
      `Over sockets the connection says who is speaking. A call stands alone, so its headers carry its path and the session's token. HPACK writes them with ${unary.of('hpack')} bytes: ${request} for the request, ${response} for the response, ${trailers} for the trailers. ${short} of the ${unary.headers.length} headers take one byte, their number in a table. Each call writes out the other two: the path with ${path}, since the HTTP/2 of Node.js lets no path be remembered, and the token with ${token}, since somebody could guess a token that is in a table.`,
    ),
    step([], `Together ${unary.sums}: ${unary.total} bytes, where sockets take ${sockets.total}.`),
    ...(converse === undefined ? [] : [converseStep(converse, unary)]),
  ];
}

function step(layers: readonly Layer[], text: string, lane = unaryLane): WalkStep {
  return { layers: layers.map((layer) => layerLetters[layer]), lane, text };
}

function converseStep(converse: Sums, unary: Sums): WalkStep {
  const frames = converse.of('http2Frames') / 9;
  const more = converse.of('protobuf') - unary.of('protobuf');
  return step(
    [],
    `A stream (Converse) sent its headers when it was opened, and stays open. So a later send has no HPACK, and ${frames} frames in place of ${unary.of('http2Frames') / 9}. Protobuf takes ${more} bytes more: the request is in a ClientFrame, behind a tag and a length. Content, protobuf, prefix and frames, ${converse.sums}, are ${converse.total} bytes.`,
    converseLane,
  );
}

/** The figures of a recording. */
class Sums {
  /** The bytes of each header, in order. */
  readonly headers: readonly number[];
  /** The bytes of each HEADERS frame's headers, in order. */
  readonly headerBlocks: readonly number[];
  readonly #sums: ReadonlyMap<Layer, number>;

  constructor(recording: Recording) {
    this.#sums = new Map(layerSums(recording.flights));
    const annotations = recording.flights.flatMap((one) => one.annotations);
    const hpack = annotations.filter(({ layer }) => layer === 'hpack');
    this.headers = bytesBy(hpack, ({ parts }) => parts.at(-1));
    this.headerBlocks = bytesBy(hpack, ({ parts }) => parts[0]);
  }

  get total(): number {
    return [...this.#sums.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** The sum, written out: `48 + 6`. */
  get sums(): string {
    return [...this.#sums.values()].join(' + ');
  }

  of(layer: Layer): number {
    return this.#sums.get(layer) ?? 0;
  }
}

/** The bytes of annotations, by a part that they are in. */
function bytesBy(
  annotations: readonly Annotation[],
  partOf: (annotation: Annotation) => Part | undefined,
): number[] {
  const sums = new Map<Part | undefined, number>();
  for (const annotation of annotations) {
    const part = partOf(annotation);
    sums.set(part, (sums.get(part) ?? 0) + annotation.length);
  }
  return [...sums.values()];
}
