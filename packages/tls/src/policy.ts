import { constants } from 'node:crypto';

/** The names of the protocols that TLS carries here. [P-10.1] [RFC 9113, 3.2] */
export type TlsProtocol = 'h2' | 'tandem/1';

/**
 * The versions and the ciphers of both sides: TLS 1.3, and of TLS 1.2 what keeps earlier connections
 * secret when a key is lost, and authenticates what it encrypts. [RFC 9325, 4.2]
 */
export const tlsPolicy = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  // A client could have the server make new keys again and again. [RFC 9325, 3.5]
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;
