import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { TestAuthority, type TestCertificate } from '../../test/test-certificates.ts';
import { tlsConnectOptions } from './client-tls.ts';
import { TlsTickets } from './tickets.ts';

const authority = await TestAuthority.make();
const ours = await authority.issue();
const elsewhere = await authority.issue({ names: ['elsewhere.example'] });

test('resume a session with a server that was trusted', async () => {
  const tickets = new TlsTickets();
  const port = await serve(ours);

  expect(await resumed(port, tickets)).toBe(false);
  expect(await resumed(port, tickets)).toBe(true);
  expect(await resumed(port, tickets)).toBe(true);
});

test('resume none with a server that was refused for its name, however often it is asked', async () => {
  const tickets = new TlsTickets();
  const port = await serve(elsewhere);

  for (let i = 0; i < 3; i++) {
    await expect(resumed(port, tickets)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  }

  expect(tickets.last).toBeUndefined();
});

test('a server that is trusted by its fingerprint proves itself each time', async () => {
  const tickets = new TlsTickets();
  const port = await serve(ours);

  expect(await resumed(port, tickets, { fingerprint: 'AB' })).toBe(false);
  expect(await resumed(port, tickets, { fingerprint: 'AB' })).toBe(false);
});

/** Serves a line to whoever connects, so that a client has read past the tickets when it has it. */
async function serve({ key, cert }: TestCertificate): Promise<number> {
  const server = createServer({ key, cert, ALPNProtocols: ['tandem/1'] }, (socket) => {
    socket.on('error', () => {});
    socket.end('hello\n');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function resumed(
  port: number,
  tickets: TlsTickets,
  trust: { readonly fingerprint?: string } = {},
): Promise<boolean> {
  const tls = { ca: authority.cert, tickets, ...trust };
  const options = tlsConnectOptions(tls, '127.0.0.1', 'tandem/1');
  const socket = connect({ host: '127.0.0.1', port, ...options });
  tickets.watch(socket);
  await Promise.all([once(socket, 'data'), once(socket, 'close')]);
  return tickets.resumed;
}
