import type { Part } from './annotator.ts';
import type { Layer } from './ledger.ts';
import { layerLetters, layerSums } from './outline.ts';
import type { Recording } from './recording.ts';

/** A step of an explanation. */
export interface WalkStep {
  /** The letters of the layers that it explains. */
  readonly layers: readonly string[];
  readonly text: string;
}

/**
 * Explains, layer by layer, the bytes of a later send over sockets and as a unary call, with the
 * figures of the recordings. Returns an empty list where one of the two was not recorded.
 */
export function walk(recordings: readonly Recording[]): WalkStep[] {
  const sendOn = (lane: string) => {
    const found = recordings.find(
      (one) => one.lane === lane && one.operation === 'send' && one.call === 'warm' && !one.tls,
    );
    return found === undefined ? undefined : new Sums(found);
  };
  const [sockets, unary, converse] = ['sockets-framed', 'grpc-unary', 'grpc-converse'].map(sendOn);
  if (sockets === undefined || unary === undefined) return [];
  const frames = unary.of('http2Frames') / 9;
  const short = unary.headers.filter((bytes) => bytes === 1).length;
  const long = unary.headers.filter((bytes) => bytes > 1).join(' and ');
  return [
    step(
      ['content'],
      `The user says ${sockets.of('content')} bytes: who sends, to whom, and what. Both wires carry them as they are.`,
    ),
    step(
      ['separators', 'framing'],
      `Sockets add ${sockets.total - sockets.of('content')}: one byte for the operation, two for the length, ${sockets.of('separators')} separators between the three texts; and one byte is the whole response. That makes ${sockets.total}.`,
    ),
    step(
      ['protobuf'],
      `A unary call writes the same as protobuf: a tag and a length before each of the three texts, a tag and a number in the response. ${unary.of('protobuf')} bytes.`,
    ),
    step(
      ['grpcPrefix'],
      `gRPC puts 5 bytes before each message: a flag that says whether it is compressed, and its length. Request and response together: ${unary.of('grpcPrefix')} bytes.`,
    ),
    step(
      ['http2Frames'],
      `HTTP/2 carries everything in frames, each with 9 bytes in front: length, type, flags, stream. A unary call has ${frames}: HEADERS and DATA for the request; HEADERS, DATA and once more HEADERS, the trailers, for the response. ${unary.of('http2Frames')} bytes.`,
    ),
    step(
      ['hpack'],
      `Each call has its own headers, written with HPACK: ${unary.of('hpack')} bytes. ${short} of the ${unary.headers.length} headers take one byte: a number in a table that both sides keep. The others are written out again in each call, with ${long} bytes: the path, since grpc-js does not have it remembered, and the session's token, which is never put into a table, so that nobody can guess it there.`,
    ),
    step(
      [],
      `Together ${unary.sums}: ${unary.total} bytes, where sockets take ${sockets.total}.${converse === undefined ? '' : ` A Converse stream has sent its headers when it was opened. A later send on it has no HPACK and one frame each way: ${converse.total} bytes.`}`,
    ),
  ];
}

function step(layers: readonly Layer[], text: string): WalkStep {
  return { layers: layers.map((layer) => layerLetters[layer]), text };
}

/** The figures of a recording. */
class Sums {
  /** The bytes of each header, in order. */
  readonly headers: readonly number[];
  readonly #sums: ReadonlyMap<Layer, number>;

  constructor(recording: Recording) {
    this.#sums = new Map(layerSums(recording.flights));
    const headers = new Map<Part | undefined, number>();
    for (const { layer, parts, length } of recording.flights.flatMap((one) => one.annotations)) {
      const header = parts.at(-1);
      if (layer === 'hpack') headers.set(header, (headers.get(header) ?? 0) + length);
    }
    this.headers = [...headers.values()];
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
