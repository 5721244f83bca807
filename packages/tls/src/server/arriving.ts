import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Admission } from '@tandem/core/server';
import type { Arrival, SecureFrontOptions } from './arrival.ts';
import { isHandshake, isWhole, noAlpn, speaksTlsAlone } from './first-bytes.ts';
import type { HandshakeFailureKind } from './handshake-counts.ts';
import {
  certificateRefused,
  type HandshakeFailure,
  leftDuringHandshake,
} from './handshake-failure.ts';

// The memory of a handshake, and of TLS on an open connection, roughly.
const handshakeBytes = 64 * 1024;
const tlsBytes = 48 * 1024;

// The units of a teardown queue that it takes to end a connection whose time is over.
const overdueUnits = 2;

// The time that a client which is refused has for what it is told.
const lingerMs = 1_000;

/** The front, as an arriving connection needs it. */
export interface ArrivingOwner {
  readonly options: SecureFrontOptions;
  /** Bounds the handshakes at once. */
  readonly handshakes: Admission<Arriving>;
  /** Begins a handshake. */
  shake(arriving: Arriving, socket: Socket): void;
  /** Notes that a connection closes: TLS may be about to say why. */
  closing(arriving: Arriving, closed: () => void): void;
  /** Counts a handshake that has failed. */
  failed(kind: HandshakeFailureKind): void;
  /** Notes that TLS is agreed on. */
  secured(arrival: Arrival, secure: TLSSocket): void;
}

const nothing = Buffer.alloc(0);

const silent: HandshakeFailure = { reason: 'it said nothing' };
const speaksNoTls: HandshakeFailure = {
  kind: 'notTls',
  reason: 'it speaks no TLS, which this server requires',
};
const tooSlow: HandshakeFailure = { kind: 'tooSlow', reason: 'its TLS handshake took too long' };
const memoryFull: HandshakeFailure = {
  kind: 'memoryFull',
  reason: 'there is no memory for its TLS handshake',
};
const tooMany: HandshakeFailure = {
  kind: 'tooMany',
  reason: 'too many TLS handshakes are under way',
};
const protocolNotNamed: HandshakeFailure = {
  kind: 'protocol',
  reason: 'it does not name h2 in its TLS handshake (ALPN)',
};

/** One connection until it is handed over, or has failed. */
export class Arriving {
  readonly #arrival: Arrival;
  readonly #front: ArrivingOwner;
  #timer: NodeJS.Timeout | undefined;
  /** The failure that it is when the connection ends now. */
  #failure: HandshakeFailure = { reason: 'the client left before it said anything' };
  /** The bytes that came, until it is settled who reads them. */
  #said: Buffer = nothing;
  #allowHalfOpen = false;
  #over = false;

  constructor(arrival: Arrival, front: ArrivingOwner) {
    this.#arrival = arrival;
    this.#front = front;
  }

  /** Waits for the first byte of the client, for a limited time. To be called once. */
  begin(): void {
    const { socket } = this.#arrival;
    const { tls, firstByteTimeoutMs } = this.#front.options;
    // A client that has to speak TLS is the one that begins.
    const timeoutMs = tls.mode === 'required' ? tls.limits.handshakeTimeoutMs : firstByteTimeoutMs;
    this.#wait(timeoutMs, silent);
    socket.on('error', this.#ended);
    socket.on('end', this.#left);
    socket.on('close', this.#closed);
    socket.on('data', this.#first);
    socket.resume();
  }

  /** Takes the socket of a handshake that is done. */
  secured(secure: TLSSocket): void {
    if (this.#over) {
      secure.destroy();
      return;
    }
    const { tls, transport } = this.#front.options;
    const refused = tls.clientCertificates === 'off' ? undefined : certificateRefused(secure);
    if (refused !== undefined) {
      this.#dismiss(secure, refused);
    } else if (transport === 'grpc' && secure.alpnProtocol !== 'h2') {
      this.#dismiss(secure, protocolNotNamed, noAlpn);
    } else {
      this.#arrival.account.give(handshakeBytes - tlsBytes);
      secure.pause();
      secure.allowHalfOpen = this.#allowHalfOpen;
      this.#arrival.socket.allowHalfOpen = this.#allowHalfOpen;
      this.#front.secured(this.#arrival, secure);
      this.#handOver(secure);
    }
  }

  /** Cuts it. May be called again. */
  fail({ kind, reason }: HandshakeFailure): void {
    if (!this.#end()) return;
    if (kind !== undefined) this.#front.failed(kind);
    this.#arrival.failed(reason);
  }

  readonly #first = (chunk: Buffer): void => {
    const { socket } = this.#arrival;
    const begins = this.#said.length === 0;
    this.#said = begins ? chunk : Buffer.concat([this.#said, chunk]);
    const said = this.#said;
    if (isHandshake(said)) {
      if (begins) this.#handshakeBegins();
      if (!isWhole(said)) return;
    }
    socket.off('data', this.#first);
    socket.pause();
    socket.unshift(said);
    this.#said = nothing;
    if (isHandshake(said)) this.#queue();
    else if (this.#front.options.tls.mode === 'optional') this.#handOver(socket);
    else this.#dismiss(socket, speaksNoTls, speaksTlsAlone);
  };

  #handshakeBegins(): void {
    this.#wait(this.#front.options.tls.limits.handshakeTimeoutMs, tooSlow);
    this.#failure = leftDuringHandshake;
  }

  #queue(): void {
    const { account, takeTurn } = this.#arrival;
    if (account.take(handshakeBytes)) takeTurn(() => this.#shake());
    else this.fail(memoryFull);
  }

  #shake(): void {
    const { socket, address } = this.#arrival;
    if (this.#over || socket.destroyed) return;
    if (this.#front.handshakes.enter(address, this) !== undefined) {
      this.fail(tooMany);
      return;
    }
    // TLS reads it now, and sees its end: who ends a side of it before TLS is agreed on has gone.
    socket.off('end', this.#left);
    this.#allowHalfOpen = socket.allowHalfOpen;
    socket.allowHalfOpen = false;
    this.#front.shake(this, socket);
  }

  readonly #ended = (): void => this.fail(this.#failure);

  readonly #left = (): void => this.#arrival.teardown.run(this.#ended);

  readonly #closed = (): void => this.#front.closing(this, this.#ended);

  #handOver(socket: Socket): void {
    if (this.#end()) this.#arrival.ready(socket);
  }

  /** Tells a client why it is refused, as far as it can be told, and ends. */
  #dismiss(socket: Socket, failure: HandshakeFailure, words?: Buffer): void {
    this.#wait(lingerMs, failure);
    this.#failure = failure;
    socket.on('error', this.#ended);
    if (words === undefined) socket.end();
    else socket.end(words);
    socket.resume();
  }

  #wait(timeoutMs: number, failure: HandshakeFailure): void {
    clearTimeout(this.#timer);
    const { teardown } = this.#arrival;
    // When this process was held up, what it waits for may be there, and is read before.
    const overdue = () => {
      if (this.#timer === timer) teardown.run(() => this.fail(failure), overdueUnits);
    };
    const timer = setTimeout(() => setImmediate(overdue), timeoutMs).unref();
    this.#timer = timer;
  }

  /** Ends this stage. Returns false when it was over. */
  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    const { socket, address } = this.#arrival;
    clearTimeout(this.#timer);
    this.#front.handshakes.leave(address, this);
    socket.off('data', this.#first);
    socket.off('error', this.#ended);
    socket.off('end', this.#left);
    socket.off('close', this.#closed);
    // Whoever takes it over listens for what matters to them.
    socket.on('error', ignore);
    return true;
  }
}

// One for all connections.
function ignore(): void {}
