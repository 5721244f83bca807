import type { TLSSocket } from 'node:tls';

/** The reason for which a handshake failed, for the log. */
export interface HandshakeFailure {
  readonly reason: string;
  /** Present when the client said that it does not take the server's certificate. */
  readonly distrust?: 'unknownAuthority' | 'expired' | 'badCertificate';
}

/** The alerts of clients about the server's certificate. [RFC 8446, 6.2] */
const distrusts: Readonly<Record<string, HandshakeFailure>> = {
  UNKNOWN_CA: {
    reason: "the client does not know who signed this server's certificate",
    distrust: 'unknownAuthority',
  },
  CERTIFICATE_EXPIRED: {
    reason: "to the client, this server's certificate has expired",
    distrust: 'expired',
  },
  BAD_CERTIFICATE: {
    reason: "the client refuses this server's certificate",
    distrust: 'badCertificate',
  },
  CERTIFICATE_UNKNOWN: {
    reason: "the client refuses this server's certificate",
    distrust: 'badCertificate',
  },
};

/** The reason of an end without one. Some clients, those of Node.js for one, do not say what they refuse. */
export const leftDuringHandshake =
  "the client left during the TLS handshake, perhaps as it does not trust this server's certificate";

const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the client speaks TLS 1.1 or older',
  ERR_SSL_NO_SHARED_CIPHER: 'the client has no cipher that this server takes',
  ERR_SSL_NO_SHARED_GROUP: 'the client has no key exchange that this server takes',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'the client has no key exchange that this server takes',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'the client wants another protocol over TLS (ALPN)',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client has no certificate',
  ECONNRESET: leftDuringHandshake,
  EPIPE: leftDuringHandshake,
};

/** Says why a handshake failed, from the server's side. */
export function handshakeFailure(error: Error, socket: TLSSocket): HandshakeFailure {
  const refused = refusalIn(socket);
  if (refused !== undefined) return { reason: refused };
  const { code = '' } = error as NodeJS.ErrnoException;
  const alert = /_ALERT_([A-Z_]+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    const said = alert.toLowerCase().replaceAll('_', ' ');
    return distrusts[alert] ?? { reason: `the client ended the TLS handshake: ${said}` };
  }
  return { reason: reasons[code] ?? `the TLS handshake failed (${code || 'no code'})` };
}

/** Says what is wrong with the certificate that a client has shown; undefined for nothing. */
export function certificateRefused(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate() === undefined ? undefined : refusalIn(socket);
}

function refusalIn(socket: TLSSocket): string | undefined {
  // A code, or nothing where none is asked for; the types say an Error.
  const { authorizationError } = socket as { authorizationError?: unknown };
  if (!authorizationError) return undefined;
  return `the client's certificate is not taken (${String(authorizationError)})`;
}
