/** The lanes that the verdict is about. */
export const contenders = {
  sockets: 'sockets-framed',
  unary: 'grpc-unary',
  converse: 'grpc-converse',
} as const;

/** What the verdict calls them within a sentence. */
export const contenderWords: Readonly<Record<string, string>> = {
  [contenders.sockets]: 'sockets',
  [contenders.unary]: 'gRPC unary',
  [contenders.converse]: 'gRPC Converse',
};
