// Apart from the ledger, as a process takes 60 ms to load zod.

/**
 * The layers that bytes on the wire belong to. Content is what the user wrote, usernames, queries, bodies and
 * secrets, and the token that lets a user resume. A protocol adds everything else.
 */
export const layers = {
  content: 'content: names, queries, bodies, secrets, tokens to resume with',
  separators: 'separators inside content (| and newline)',
  framing: 'our framing: operation or status, length, version',
  protobuf: 'protobuf tags and lengths, status codes',
  json: 'JSON: field names, punctuation, status codes',
  grpcPrefix: 'gRPC: 5 bytes before each message, a flag and its length',
  http1: 'HTTP/1.1 heads: request and status lines, headers',
  webSocket: 'WebSocket frame headers, masks, control frames',
  http2Frames: 'HTTP/2: 9 bytes before each frame; a preface once',
  hpack: 'headers, as HPACK writes them: known ones as a number',
  settings: 'SETTINGS: what each side of HTTP/2 allows the other',
  windowUpdate: 'WINDOW_UPDATE: how much more may be sent',
  ping: 'PING: asks for the same 8 bytes back',
  http2Other: 'the rest of HTTP/2: RST_STREAM, GOAWAY, PRIORITY, padding',
  tlsHandshake: 'TLS handshake',
  tlsRecords: 'TLS record headers, tags and alerts',
} as const;

/** The name of a layer. */
export type Layer = keyof typeof layers;
