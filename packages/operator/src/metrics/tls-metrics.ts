import type { Registry } from 'prom-client';
import { byReason, counter, gauge, type Sample } from './plain-metrics.ts';

/** The handshakes of a transport, as far as an operator sees them. */
interface HandshakesView {
  readonly agreed: readonly {
    /** The version of TLS. */
    readonly version: string;
    readonly resumed: boolean;
    readonly count: number;
  }[];
  /** Handshakes that failed, by a reason of the program. */
  readonly failed: Readonly<Record<string, number>>;
}

/** A certificate, as far as an operator sees it. */
interface CertificateView {
  readonly validToDate: Date;
}

/** The TLS of all transports, as far as an operator sees it. */
export interface TlsView {
  /** The handshakes of each transport, by its name. */
  readonly handshakes: Readonly<Record<string, HandshakesView>>;
  readonly credentials: {
    /** The certificate of the server. */
    readonly certificate: CertificateView;
    /** The certificates behind it in its file. */
    readonly issuers: readonly CertificateView[];
    /** The authorities whose client certificates the server accepts. */
    readonly authorities: readonly CertificateView[];
  };
  /** The outcome of the last time that the files were read. */
  readonly lastReload: {
    readonly succeeded: boolean;
    /** The time at which they could be used last, in milliseconds since 1970. */
    readonly succeededAtMs: number;
  };
}

/** The sources of the figures of TLS. */
interface TlsSource {
  /** The servers that listen. */
  readonly servers: readonly { readonly transport: string }[];
  /** Undefined without TLS: then these figures have no values. */
  readonly tls: TlsView | undefined;
}

/** Registers handshakes by their outcome, and the certificate of the server. */
export function registerTlsMetrics(registry: Registry, source: TlsSource): void {
  registerHandshakes(registry, source);
  registerCertificate(registry, source);
}

function registerHandshakes(registry: Registry, source: TlsSource): void {
  const ofEach = (samplesOf: (view: HandshakesView) => readonly Sample[]): readonly Sample[] => {
    const { tls, servers } = source;
    return servers.flatMap(({ transport }) => {
      const view = tls?.handshakes[transport];
      const samples = view === undefined ? [] : samplesOf(view);
      return samples.map(([labels, value]): Sample => [{ ...labels, transport }, value]);
    });
  };
  counter(registry, {
    name: 'tandem_tls_handshakes_total',
    help: 'TLS handshakes that were agreed on; a resumed one goes on with an earlier one, by a ticket.',
    labelNames: ['transport', 'version', 'resumed'],
    read: () =>
      ofEach(({ agreed }) =>
        agreed.map(({ version, resumed, count }) => [{ version, resumed: String(resumed) }, count]),
      ),
  });
  counter(registry, {
    name: 'tandem_tls_handshakes_failed_total',
    help: 'TLS handshakes that failed, and connections of clients that spoke no TLS where they have to.',
    labelNames: ['transport', 'reason'],
    read: () => ofEach(({ failed }) => byReason(failed)),
  });
}

function registerCertificate(registry: Registry, source: TlsSource): void {
  const read = (samplesOf: (view: TlsView) => readonly Sample[]) => () =>
    source.tls === undefined ? [] : samplesOf(source.tls);
  gauge(registry, {
    name: 'tandem_tls_certificate_expiry_timestamp_seconds',
    help: 'Time at which the certificate of the server ends, the first of its issuers in the same file, and the first of the authorities of clients.',
    labelNames: ['certificate'],
    read: read(({ credentials: { certificate, issuers, authorities } }) =>
      Object.entries({ server: [certificate], issuer: issuers, authority: authorities })
        .filter(([, certificates]) => certificates.length > 0)
        .map(([name, certificates]) => [{ certificate: name }, endOf(certificates)]),
    ),
  });
  gauge(registry, {
    name: 'tandem_tls_certificate_last_reload_successful',
    help: '1 when the files of TLS could be used the last time that they were read, 0 when the earlier ones stay.',
    read: read(({ lastReload }) => [[{}, lastReload.succeeded ? 1 : 0]]),
  });
  gauge(registry, {
    name: 'tandem_tls_certificate_last_reload_success_timestamp_seconds',
    help: 'Time at which the files of TLS were read last and could be used.',
    read: read(({ lastReload }) => [[{}, lastReload.succeededAtMs / 1_000]]),
  });
}

function endOf(certificates: readonly CertificateView[]): number {
  return Math.min(...certificates.map(({ validToDate }) => validToDate.getTime())) / 1_000;
}
