import { type Credentials, readCredentials, type TlsFiles } from './credentials.ts';
import { HandshakeCounts } from './handshake-counts.ts';

/** Says from whom a certificate is asked: nobody, everybody who has one, or everybody. */
export type ClientCertificates = 'off' | 'optional' | 'required';

/** The limits of handshakes, of each transport for itself. */
export interface TlsLimits {
  /** The most handshakes that are under way at once. */
  readonly handshakesMax: number;
  /** The time that a handshake may take, in milliseconds, and a client that has to speak TLS to begin. */
  readonly handshakeTimeoutMs: number;
}

// A handshake of a client that waits for nothing takes two round trips.
const defaultTlsLimits: TlsLimits = { handshakesMax: 1_000, handshakeTimeoutMs: 5_000 };

/** The options of a server's TLS. */
export interface ServerTlsOptions extends TlsFiles {
  /**
   * The use of TLS: clients may do without, or have to speak it, as those have to who must show a
   * certificate.
   */
  readonly mode: 'optional' | 'required';
  readonly clientCertificates: ClientCertificates;
  /** Limits that differ from the defaults: 1,000 handshakes, of 5 s. */
  readonly limits?: Partial<TlsLimits>;
}

/** The outcome of reading the files. */
interface Reload {
  /** False when they could not be used the last time. */
  readonly succeeded: boolean;
  /** The time at which they could be used last, in milliseconds since 1970. */
  readonly succeededAtMs: number;
}

/** The TLS of a server: its certificate, which may change, for all of its transports. */
export class ServerTls {
  readonly mode: 'optional' | 'required';
  readonly clientCertificates: ClientCertificates;
  readonly limits: TlsLimits;
  /** The handshakes of each transport since the start. */
  readonly handshakes = { socket: new HandshakeCounts(), grpc: new HandshakeCounts() };
  readonly #files: TlsFiles;
  readonly #listeners = new Set<() => void>();
  #credentials: Credentials;
  #lastReload: Reload = { succeeded: true, succeededAtMs: Date.now() };

  private constructor(options: ServerTlsOptions, credentials: Credentials) {
    this.mode = options.clientCertificates === 'required' ? 'required' : options.mode;
    this.clientCertificates = options.clientCertificates;
    this.limits = { ...defaultTlsLimits, ...options.limits };
    this.#files = options;
    this.#credentials = credentials;
  }

  /**
   * Reads the files.
   *
   * @throws TlsFileError that says what is wrong with which, and what to do
   */
  static async open(options: ServerTlsOptions): Promise<ServerTls> {
    return new ServerTls(options, await readCredentials(options));
  }

  /** The certificate that new connections get. */
  get credentials(): Credentials {
    return this.#credentials;
  }

  /** The outcome of the last time that the files were read. */
  get lastReload(): Reload {
    return this.#lastReload;
  }

  /**
   * Reads the files anew. Connections that begin from now on get what is in them; those that are open
   * go on.
   *
   * @throws TlsFileError, and then what was there before stays
   */
  async reload(): Promise<void> {
    try {
      this.#credentials = await readCredentials(this.#files);
    } catch (error) {
      this.#lastReload = { ...this.#lastReload, succeeded: false };
      throw error;
    }
    this.#lastReload = { succeeded: true, succeededAtMs: Date.now() };
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
