import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  type PeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { type TlsProtocol, tlsPolicy } from '../policy.ts';
import type { TlsTickets } from './tickets.ts';
import type { TlsProblem } from './tls-problem.ts';

/** The TLS of a client: its own certificate, and the servers that it trusts. */
export interface ClientTls {
  /**
   * The certificates of the authorities that sign servers, in PEM; or the server's own, if it signs
   * itself. By default those that Node.js trusts.
   */
  readonly ca?: string | Buffer | undefined;
  /**
   * The SHA-256 of the server's certificate, in hexadecimal digits. Then that certificate is trusted
   * and no other, whatever its names and its dates are.
   */
  readonly fingerprint?: string | undefined;
  /** The client's own certificate, in PEM, for a server that asks for one. */
  readonly cert?: string | Buffer | undefined;
  /** The key of that certificate, in PEM. */
  readonly key?: string | Buffer | undefined;
  /** Sessions that are resumed; without, each connection makes a whole handshake. */
  readonly tickets?: TlsTickets | undefined;
}

/** Returns the options of `tls.connect` for a server that is called `host`. */
export function tlsConnectOptions(
  { ca, cert, key, fingerprint, tickets }: ClientTls,
  host: string,
  protocol: TlsProtocol,
): ConnectionOptions {
  const name = host.replace(/%.*/, '');
  return {
    ...tlsPolicy,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // A resumed session shows no certificate, whose fingerprint is to be looked at.
    ...(tickets?.last === undefined || fingerprint !== undefined ? {} : { session: tickets.last }),
    ALPNProtocols: [protocol],
    // An address is no name that a client may ask for. [RFC 6066, 3]
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // The name that the user gave, and not the address that it stands for.
    checkServerIdentity: (_: string, certificate: PeerCertificate) =>
      checkServerIdentity(name, certificate),
    // Then `checkServer` decides.
    rejectUnauthorized: fingerprint === undefined,
  };
}

/**
 * Says what is wrong with a server with which TLS has been agreed on; undefined for nothing. To be
 * asked before anything is sent.
 */
export function checkServer(
  socket: TLSSocket,
  { fingerprint }: ClientTls,
  protocol: TlsProtocol,
): TlsProblem | undefined {
  if (fingerprint !== undefined) {
    const actual = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
    if (digitsOf(actual) !== digitsOf(fingerprint)) {
      return {
        reason: `its certificate has another fingerprint (${actual || 'none'})`,
        advice: 'does it have a new certificate, or does somebody intercept the connection?',
      };
    }
  }
  // Over sockets its greeting tells who it is, also behind a proxy that ends TLS. [P-10.1]
  if (protocol === 'h2' && socket.alpnProtocol !== 'h2') {
    return {
      reason: 'it speaks TLS, but does not offer HTTP/2 (ALPN)',
      advice: 'is this a Tandem gRPC server?',
    };
  }
  return undefined;
}

function digitsOf(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').trim().toUpperCase();
}
