/** The fairness ledger's entry of every lane over HTTP/2, which is Node.js's (nghttp2) in all of them. */
export const headerCompression =
  'bodies: none; headers: HPACK, dynamic table of 4,096 bytes, in which `:path` and `authorization` are not kept';
