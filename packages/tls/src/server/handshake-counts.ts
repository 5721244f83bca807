import type { TLSSocket } from 'node:tls';

/** A reason for which a handshake fails. There are as many, whatever clients do. */
export type HandshakeFailureKind = keyof typeof noFailures;

const noFailures = {
  notTls: 0,
  left: 0,
  tooSlow: 0,
  memoryFull: 0,
  tooMany: 0,
  version: 0,
  cipher: 0,
  protocol: 0,
  noClientCertificate: 0,
  clientCertificate: 0,
  unknownAuthority: 0,
  expired: 0,
  badCertificate: 0,
  alert: 0,
  other: 0,
};

/** Handshakes that were agreed on in one way. */
interface Agreed {
  /** The version of TLS. */
  readonly version: '1.2' | '1.3';
  /** True for a session that was begun before, with a ticket. */
  readonly resumed: boolean;
  readonly count: number;
}

/** Counts the handshakes of a transport, in plain numbers. */
export class HandshakeCounts {
  readonly #failed: Record<HandshakeFailureKind, number> = { ...noFailures };
  readonly #agreed = (['1.2', '1.3'] as const).flatMap((version) =>
    [false, true].map((resumed) => ({ version, resumed, count: 0 })),
  );

  /** The handshakes that were agreed on. */
  get agreed(): readonly Agreed[] {
    return this.#agreed;
  }

  /** The handshakes that failed, by reason; and clients that spoke no TLS where they have to. */
  get failed(): Readonly<Record<HandshakeFailureKind, number>> {
    return this.#failed;
  }

  /** Counts one that was agreed on. */
  addAgreed(socket: TLSSocket): void {
    const resumed = socket.isSessionReused();
    const version = socket.getProtocol() === 'TLSv1.2' ? '1.2' : '1.3';
    const agreed = this.#agreed.find(
      (each) => each.version === version && each.resumed === resumed,
    );
    if (agreed !== undefined) agreed.count++;
  }

  /** Counts one that failed. */
  addFailed(kind: HandshakeFailureKind): void {
    this.#failed[kind]++;
  }
}
