import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { Admission, Tally } from '@tandem/core/server';
import { type TlsProtocol, tlsPolicy } from '../policy.ts';
import type { Arrival, SecureFrontOptions } from './arrival.ts';
import { Arriving, type ArrivingOwner } from './arriving.ts';
import type { HandshakeCounts, HandshakeFailureKind } from './handshake-counts.ts';
import {
  type Distrust,
  distrusts,
  type HandshakeFailure,
  handshakeFailure,
} from './handshake-failure.ts';
import { RecordWatch } from './record-watch.ts';

// A ticket lets a client resume TLS without a new handshake. Who has the key that sealed it can read
// what was sent with it, so keys are made anew. [RFC 9325, 3.4]
const ticketKeysMs = 3_600_000;
const ticketKeysBytes = 48;

const displaced: HandshakeFailure = {
  kind: 'tooMany',
  reason: 'another address has its place in the handshakes',
};

const protocols: Readonly<Record<SecureFrontOptions['transport'], TlsProtocol>> = {
  socket: 'tandem/1',
  grpc: 'h2',
};

/**
 * Stands between the accepting of connections and a transport: it tells TLS by the first byte,
 * and does the handshakes. Handshakes at once are bounded. When there are too many, the address that
 * has most loses its oldest.
 */
export class SecureFront implements ArrivingOwner {
  readonly options: SecureFrontOptions;
  readonly handshakes: Admission<Arriving>;
  readonly #records = new RecordWatch();
  readonly #server: TlsServer;
  /** The connection whose handshake runs; Node reports a handshake with a socket of its own. */
  readonly #shaking = new AsyncLocalStorage<Arriving>();
  /** The connection that closes at this moment. */
  #closing: Arriving | undefined;
  readonly #counts: HandshakeCounts;
  readonly #distrusted: Tally<Distrust>;
  readonly #rotation: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(options: SecureFrontOptions) {
    const { tls, transport, log } = options;
    this.options = options;
    this.#counts = tls.handshakes[transport];
    this.#server = createServer(this.#serverOptions());
    this.#server.on('secureConnection', (socket) => this.#shaking.getStore()?.secured(socket));
    this.#server.on('tlsClientError', (error, socket) => {
      (this.#shaking.getStore() ?? this.#closing)?.fail(handshakeFailure(error, socket));
    });
    this.handshakes = new Admission<Arriving>(
      {
        connectionsMax: tls.limits.handshakesMax,
        connectionsPerAddressMax: Number.POSITIVE_INFINITY,
      },
      {
        hasSession: () => false,
        displace: (arriving) => arriving.fail(displaced),
      },
    );
    this.#distrusted = new Tally((counts) =>
      log.warn({ transport, ...counts }, 'clients refuse the certificate of this server'),
    );
    this.#rotation = setInterval(() => this.#rotate(), ticketKeysMs).unref();
    this.#unsubscribe = tls.onChange(() => this.#renew());
  }

  /** Takes a connection whose socket is paused, and nobody else reads. */
  take(arrival: Arrival): void {
    new Arriving(arrival, this).begin();
  }

  /** Ends what it does by itself. Connections under way go on. */
  close(): void {
    clearInterval(this.#rotation);
    this.#records.close();
    this.#unsubscribe();
    this.#distrusted.flush();
  }

  shake(arriving: Arriving, socket: Socket): void {
    this.#shaking.run(arriving, () => this.#server.emit('connection', socket));
  }

  closing(arriving: Arriving, closed: () => void): void {
    this.#closing = arriving;
    process.nextTick(() => {
      this.#closing = undefined;
      closed();
    });
  }

  failed(kind: HandshakeFailureKind): void {
    this.#counts.addFailed(kind);
    const distrust = distrusts.find((each) => each === kind);
    if (distrust !== undefined) this.#distrusted.add(distrust);
  }

  secured(arrival: Arrival, secure: TLSSocket): void {
    this.#counts.addAgreed(secure);
    this.#records.add(arrival, secure);
  }

  #serverOptions(): TlsOptions {
    const { tls, transport } = this.options;
    const { cert, key, ca } = tls.credentials;
    return {
      ...tlsPolicy,
      cert,
      key,
      ...(ca === undefined ? {} : { ca }),
      ALPNProtocols: [protocols[transport]],
      requestCert: tls.clientCertificates !== 'off',
      // Without a certificate the handshake fails, and says so to the client.
      rejectUnauthorized: tls.clientCertificates === 'required',
    };
  }

  #renew(): void {
    this.#server.setSecureContext(this.#serverOptions());
    this.#rotate();
  }

  // A ticket of before would have the client certificate taken that was taken then.
  #rotate(): void {
    this.#server.setTicketKeys(randomBytes(ticketKeysBytes));
  }
}
