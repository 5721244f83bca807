/** A failure of TLS between a client and a server, in words. */
export interface TlsProblem {
  /** The event, as a clause that follows the address of the server. */
  readonly reason: string;
  /** The advice, as a question. */
  readonly advice: string;
}

const unknownIssuer: TlsProblem = {
  reason: 'its certificate is not signed by an authority that this client trusts',
  advice:
    'is the certificate of its authority in the file of --tls-ca, or do you know its fingerprint (--tls-fingerprint)?',
};

const selfSigned: TlsProblem = {
  reason: 'its certificate is self-signed, and this client does not know it',
  advice: 'is it in the file of --tls-ca, or do you know its fingerprint (--tls-fingerprint)?',
};

const noTls: TlsProblem = {
  reason: 'it does not speak TLS',
  advice: 'is the port right, and should --tls be left out?',
};

const clientRefused: TlsProblem = {
  reason: "it does not take this client's certificate",
  advice: 'is it one of an authority that the server trusts (--tls-cert)?',
};

const noCommonTls: TlsProblem = {
  reason: 'it has no version or cipher of TLS that this client takes',
  advice: 'does it know TLS 1.2 or 1.3?',
};

/** By the code of Node.js or of OpenSSL's check of certificates. */
const byCode: Readonly<Record<string, TlsProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  CERT_SIGNATURE_FAILURE: unknownIssuer,
  CERT_UNTRUSTED: unknownIssuer,
  INVALID_CA: unknownIssuer,
  INVALID_PURPOSE: {
    reason: 'its certificate is not for servers',
    advice: 'does the server have the right certificate?',
  },
  CERT_REVOKED: {
    reason: 'its certificate was revoked',
    advice: 'does the server have a new one?',
  },
  CERT_HAS_EXPIRED: {
    reason: 'its certificate has expired',
    advice: 'does the server have a new one, and is the clock of this machine right?',
  },
  CERT_NOT_YET_VALID: {
    reason: 'its certificate is not valid yet',
    advice: 'is the clock of this machine right?',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ERR_SSL_UNEXPECTED_MESSAGE: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: noCommonTls,
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: noCommonTls,
};

/** By the alert with which the server ended the handshake. [RFC 8446, 6.2] */
const byAlert: Readonly<Record<string, TlsProblem>> = {
  NO_APPLICATION_PROTOCOL: {
    reason: 'it speaks another protocol over TLS (ALPN)',
    advice: 'are the port and the transport right?',
  },
  CERTIFICATE_REQUIRED: {
    reason: 'it asks for a certificate of this client, which has none',
    advice: 'do you have one for it (--tls-cert, --tls-key)?',
  },
  INTERNAL_ERROR: {
    reason: 'it cannot agree on TLS now, as it has too many clients or a fault of its own',
    advice: 'does it help to try again in a while?',
  },
  UNKNOWN_CA: clientRefused,
  BAD_CERTIFICATE: clientRefused,
  CERTIFICATE_EXPIRED: clientRefused,
  CERTIFICATE_UNKNOWN: clientRefused,
  ACCESS_DENIED: clientRefused,
  PROTOCOL_VERSION: noCommonTls,
  HANDSHAKE_FAILURE: noCommonTls,
  INSUFFICIENT_SECURITY: noCommonTls,
};

/** Says what an error means that came while or after TLS was agreed on; undefined for one of the network. */
export function tlsProblem(error: unknown, host: string): TlsProblem | undefined {
  const { code = '', cert } = error as NodeJS.ErrnoException & {
    readonly cert?: { readonly subjectaltname?: string };
  };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(host, cert?.subjectaltname);
  const alert = /_ALERT_([A-Z_]+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    const said = alert.toLowerCase().replaceAll('_', ' ');
    return byAlert[alert] ?? { reason: `it ended the TLS handshake: ${said}`, advice: tls };
  }
  const known = byCode[code];
  if (known !== undefined || !/^ERR_(SSL|TLS|OSSL)|CERT|CRL/.test(code)) return known;
  return { reason: `TLS failed (${code})`, advice: tls };
}

const tls = 'does it speak TLS 1.2 or 1.3?';

/** @param names what the certificate is for, as a stranger may have written it */
function wrongName(host: string, names = ''): TlsProblem {
  const plain = names.replace(/[^-\w.:*, ]/g, '').slice(0, 200) || 'no name';
  return {
    reason: `its certificate is for another name than ${host} (${plain})`,
    advice: 'is the host right, or do you know the fingerprint (--tls-fingerprint)?',
  };
}
