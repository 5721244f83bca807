import { layerParts } from '../../report/html/theme.ts';
import {
  type Layer,
  layerLetters,
  layers,
  outline,
  type Recording,
  reasonsOf2023,
  shortNames,
} from '../index.ts';

/**
 * The recordings as the page's script reads them. Texts are numbers in one list, since most of them
 * occur often.
 */
export interface PageData {
  readonly layers: readonly PageLayer[];
  /** Names of lanes in words, where there are any. */
  readonly lanes: Readonly<Record<string, string>>;
  /** The reason for which a lane lacks operations, for each that does. */
  readonly absences: Readonly<Record<string, string>>;
  readonly texts: readonly string[];
  readonly recordings: readonly PageRecording[];
}

interface PageLayer {
  readonly letter: string;
  readonly name: string;
  readonly about: string;
  /** The name of its colours. */
  readonly ink: string;
}

interface PageRecording extends Pick<Recording, 'lane' | 'operation' | 'call' | 'tls'> {
  readonly flights: readonly PageFlight[];
}

interface PageFlight {
  readonly direction: 'sent' | 'received';
  /** In hexadecimal digits. */
  readonly bytes: string;
  readonly lines: readonly PageLine[];
}

/** A part that begins (depth, title, clause), or a run of bytes (depth, meaning, layer, length). */
type PageLine =
  | readonly [depth: number, title: number, clause: number]
  | readonly [depth: number, meaning: number, layer: number, length: number];

/** Lanes, for somebody who does not know the lab. */
const laneWords = {
  'sockets-framed': 'sockets',
  'sockets-seed': 'sockets of 2023',
  'grpc-converse': 'gRPC, one stream',
  'grpc-converse-batched': 'gRPC, one stream, batches',
  'grpc-unary': 'gRPC, a call each',
  'grpc-seed': 'gRPC of 2023, a call each',
};

/** Makes the data of a page. */
export function pageData(recordings: readonly Recording[]): PageData {
  const texts = new Map<string, number>();
  const textAt = (text: string) => {
    const at = texts.get(text) ?? texts.size;
    texts.set(text, at);
    return at;
  };
  const names = Object.keys(layers) as Layer[];
  const packed = recordings.map(({ lane, operation, call, tls, flights }) => ({
    lane,
    operation,
    call,
    tls,
    flights: flights.map((flight) => ({
      direction: flight.direction,
      bytes: flight.bytes.toString('hex'),
      lines: outline(flight).map((line): PageLine => {
        if ('part' in line) {
          return [line.depth, textAt(line.part.title), textAt(line.part.clause ?? '')];
        }
        const { meaning, layer, length } = line.annotation;
        return [line.depth, textAt(meaning), names.indexOf(layer), length];
      }),
    })),
  }));
  return {
    layers: names.map((name) => ({
      letter: layerLetters[name],
      name: shortNames[name],
      about: layers[name],
      ink: layerParts[name],
    })),
    lanes: laneWords,
    absences: reasonsOf2023,
    texts: [...texts.keys()],
    recordings: packed,
  };
}
