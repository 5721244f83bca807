import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { registerTlsMetrics, type TlsView } from './tls-metrics.ts';

const handshakes = {
  agreed: [
    { version: '1.2', resumed: true, count: 2 },
    { version: '1.3', resumed: false, count: 3 },
  ],
  failed: { unknownAuthority: 4, left: 0 },
};
const day = (date: string) => ({ validToDate: new Date(`${date}T00:00:00Z`) });
const tls: TlsView = {
  handshakes: { socket: handshakes, grpc: handshakes },
  credentials: {
    certificate: day('2030-01-03'),
    issuers: [day('2032-01-01'), day('2031-01-01')],
    authorities: [day('2034-01-01'), day('2033-01-01')],
  },
  lastReload: { succeeded: false, succeededAtMs: 1_500 },
};

async function samplesOf(view: TlsView | undefined): Promise<string[]> {
  const registry = new Registry();
  registerTlsMetrics(registry, { servers: [{ transport: 'socket' }], tls: view });
  return (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line));
}

it('tells of the handshakes of each server, and of the certificate', async () => {
  const seconds = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1_000;
  expect(await samplesOf(tls)).toEqual([
    'tandem_tls_handshakes_total{version="1.2",resumed="true",transport="socket"} 2',
    'tandem_tls_handshakes_total{version="1.3",resumed="false",transport="socket"} 3',
    'tandem_tls_handshakes_failed_total{reason="unknown_authority",transport="socket"} 4',
    'tandem_tls_handshakes_failed_total{reason="left",transport="socket"} 0',
    `tandem_tls_certificate_expiry_timestamp_seconds{certificate="server"} ${seconds('2030-01-03')}`,
    `tandem_tls_certificate_expiry_timestamp_seconds{certificate="issuer"} ${seconds('2031-01-01')}`,
    `tandem_tls_certificate_expiry_timestamp_seconds{certificate="authority"} ${seconds('2033-01-01')}`,
    'tandem_tls_certificate_last_reload_successful 0',
    'tandem_tls_certificate_last_reload_success_timestamp_seconds 1.5',
  ]);
});

it('has no figures of TLS without TLS', async () => {
  expect(await samplesOf(undefined)).toEqual([]);
});
