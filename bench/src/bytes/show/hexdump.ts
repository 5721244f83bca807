import { styleText } from 'node:util';
import type { Layer } from '../layers.ts';
import type { Flight, Recording } from '../record/recording.ts';
import {
  bytesWords,
  hexPairs,
  layerLetters,
  layerSums,
  type OutlineLine,
  outline,
  recordingTitle,
} from './outline.ts';
import { shortNames } from './table.ts';

/** The options of a hexdump. */
export interface HexdumpOptions {
  /** Each run of bytes in the colour of its layer; letters name the layers in any case. */
  readonly color: boolean;
}

/** A recording for a terminal of 100 columns: each run of bytes, with its meaning at the side. */
export function renderHexdump(recording: Recording, { color }: HexdumpOptions): string {
  return `${painter(color)('bold', recordingTitle(recording))}\n${renderFlights(recording.flights, { color })}`;
}

/** The bytes of flights, below the sums of their layers. */
export function renderFlights(flights: readonly Flight[], { color }: HexdumpOptions): string {
  const paint = painter(color);
  const sums = layerSums(flights).map(([layer, bytes]) =>
    paint(styles[layer], `${layerLetters[layer]} ${shortNames[layer]} ${bytes}`),
  );
  const parts = [
    `  ${sums.join('   ')}`,
    ...flights.map((flight) => renderFlight(flight, paint)),
    ...(flights.length === 0 ? ['  nothing crosses'] : []),
  ];
  return `${parts.join('\n')}\n`;
}

function painter(color: boolean): Paint {
  return color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const bytesPerRow = 12;
const hexColumns = bytesPerRow * 3;

function renderFlight(flight: Flight, paint: Paint): string {
  const way = flight.direction === 'sent' ? 'client → server' : 'client ← server';
  const lines = outline(flight).flatMap((line) => renderLine(line, paint));
  return ['', `${way}, ${bytesWords(flight.bytes.length)}`, ...lines].join('\n');
}

function renderLine(line: OutlineLine, paint: Paint): string[] {
  const indent = '  '.repeat(line.depth);
  if ('part' in line) {
    const { title, clause } = line.part;
    const cited = clause === undefined ? '' : paint('dim', `  [${clause}]`);
    return [`${' '.repeat(2 + hexColumns)} ${indent}${paint('bold', printable(title))}${cited}`];
  }
  const { layer, meaning } = line.annotation;
  return rowsOf(line.bytes).map((row, at) => {
    const hex = `${layerLetters[layer]} ${hexPairs(row)}`;
    if (at > 0) return paint(styles[layer], hex);
    const gap = ' '.repeat(2 + hexColumns - hex.length);
    return `${paint(styles[layer], hex)}${gap} ${indent}${printable(meaning)}`;
  });
}

// What crossed must not steer the terminal of whoever looks at it.
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function rowsOf(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / bytesPerRow);
  return Array.from({ length: count }, (_, row) =>
    bytes.subarray(row * bytesPerRow, (row + 1) * bytesPerRow),
  );
}

const styles: Readonly<Record<Layer, Style>> = {
  content: 'cyanBright',
  separators: 'cyan',
  framing: 'blueBright',
  protobuf: 'magentaBright',
  json: 'magentaBright',
  grpcPrefix: 'magenta',
  http1: 'yellow',
  webSocket: 'yellow',
  http2Frames: 'yellow',
  hpack: 'redBright',
  settings: 'gray',
  windowUpdate: 'gray',
  ping: 'gray',
  http2Other: 'gray',
  tlsHandshake: 'greenBright',
  tlsRecords: 'green',
};
