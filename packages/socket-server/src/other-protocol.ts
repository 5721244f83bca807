/**
 * Names the protocol that a connection's first bytes are of, where that is one that people take this
 * port for: HTTP, or TLS. Undefined otherwise.
 */
export function otherProtocol(firstBytes: Buffer): string | undefined {
  if (firstBytes[0] === 0x16 && firstBytes[1] === 0x03) return 'TLS';
  const begin = firstBytes.toString('latin1', 0, 8);
  if (begin.startsWith('PRI * HT')) return 'HTTP/2, as gRPC does, which has a port of its own';
  return /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) /.test(begin)
    ? 'HTTP'
    : undefined;
}
