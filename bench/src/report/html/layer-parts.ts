import type { Layer } from '../../bytes/index.ts';

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
