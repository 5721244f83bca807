import type { Layer } from '../../bytes/index.ts';
import type { ReportLane } from '../schema/report.ts';

/** The number of lanes of a kind that have a colour of their own; then colours are used again. */
export const inksOf: Readonly<Record<ReportLane['kind'], number>> = {
  sockets: 3,
  grpc: 3,
  control: 6,
};

/** The number of parts with several costs that have a colour of their own. */
export const severalInks = 4;

/** Returns the colour that fills a part of a stacked bar. */
export function partInk(part: string): string {
  return `var(--part-${part})`;
}

/** The part of a stacked bar, and so the colour, of each layer of the wire ledger. */
export const layerParts: Readonly<Record<Layer, string>> = {
  content: 'content',
  separators: 'separators',
  framing: 'ours',
  protobuf: 'codec',
  json: 'codec',
  grpcPrefix: 'prefix',
  http1: 'http2',
  webSocket: 'http2',
  http2Frames: 'http2',
  hpack: 'hpack',
  settings: 'settings',
  windowUpdate: 'window',
  ping: 'window',
  http2Other: 'other',
  tlsHandshake: 'tls-handshake',
  tlsRecords: 'tls-records',
};
