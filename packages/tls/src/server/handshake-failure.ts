import type { TLSSocket } from 'node:tls';
import type { HandshakeFailureKind } from './handshake-counts.ts';

/** The reason for which a connection gets no further than its handshake. */
export interface HandshakeFailure {
  /** The reason, for the log. */
  readonly reason: string;
  /** The kind of it, for figures; undefined when nobody began a handshake. */
  readonly kind?: HandshakeFailureKind;
}

/** The failures by which clients say that they do not take the server's certificate. */
export const distrusts = ['unknownAuthority', 'expired', 'badCertificate'] as const;

/** A client's reason not to take the server's certificate. */
export type Distrust = (typeof distrusts)[number];

const refusedByClient: HandshakeFailure = {
  kind: 'badCertificate',
  reason: "the client refuses this server's certificate",
};

/** The alerts of clients about the server's certificate. [RFC 8446, 6.2] */
const byAlert: Readonly<Record<string, HandshakeFailure>> = {
  UNKNOWN_CA: {
    kind: 'unknownAuthority',
    reason: "the client does not know who signed this server's certificate",
  },
  CERTIFICATE_EXPIRED: {
    kind: 'expired',
    reason: "to the client, this server's certificate has expired",
  },
  BAD_CERTIFICATE: refusedByClient,
  CERTIFICATE_UNKNOWN: refusedByClient,
};

/** The failure that is an end without a reason. Some clients, those of Node.js for one, do not say what they refuse. */
export const leftDuringHandshake: HandshakeFailure = {
  kind: 'left',
  reason:
    "the client left during the TLS handshake, perhaps as it does not trust this server's certificate",
};

const noSharedGroup: HandshakeFailure = {
  kind: 'cipher',
  reason: 'the client has no key exchange that this server takes',
};

const byCode: Readonly<Record<string, HandshakeFailure>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    kind: 'version',
    reason: 'the client speaks TLS 1.1 or older',
  },
  ERR_SSL_NO_SHARED_CIPHER: {
    kind: 'cipher',
    reason: 'the client has no cipher that this server takes',
  },
  ERR_SSL_NO_SHARED_GROUP: noSharedGroup,
  ERR_SSL_NO_SUITABLE_KEY_SHARE: noSharedGroup,
  ERR_SSL_NO_APPLICATION_PROTOCOL: {
    kind: 'protocol',
    reason: 'the client wants another protocol over TLS (ALPN)',
  },
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: {
    kind: 'noClientCertificate',
    reason: 'the client has no certificate',
  },
  ECONNRESET: leftDuringHandshake,
  EPIPE: leftDuringHandshake,
};

/** Says why a handshake failed, from the server's side. */
export function handshakeFailure(error: Error, socket: TLSSocket): HandshakeFailure {
  const refused = refusalIn(socket);
  if (refused !== undefined) return refused;
  const { code = '' } = error as NodeJS.ErrnoException;
  const alert = /_ALERT_([A-Z_]+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    const said = alert.toLowerCase().replaceAll('_', ' ');
    const reason = `the client ended the TLS handshake: ${said}`;
    return byAlert[alert] ?? { kind: 'alert', reason };
  }
  const reason = `the TLS handshake failed (${code || 'no code'})`;
  return byCode[code] ?? { kind: 'other', reason };
}

/** Says what is wrong with the certificate that a client has shown; undefined for nothing. */
export function certificateRefused(socket: TLSSocket): HandshakeFailure | undefined {
  return socket.getPeerX509Certificate() === undefined ? undefined : refusalIn(socket);
}

function refusalIn(socket: TLSSocket): HandshakeFailure | undefined {
  // A code, or nothing where none is asked for; the types say an Error.
  const { authorizationError } = socket as { authorizationError?: unknown };
  if (!authorizationError) return undefined;
  const reason = `the client's certificate is not taken (${String(authorizationError)})`;
  return { kind: 'clientCertificate', reason };
}
