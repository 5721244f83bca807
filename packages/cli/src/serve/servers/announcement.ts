import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import {
  formatAddress,
  formatPlace,
  type Place,
  plainAddress,
  type TransportName,
} from '@tandem/core';
import type { ServerTls } from '@tandem/tls/server';
import { printable } from '../../terminal/printable.ts';

/** A place at which a server listens, and its transport. */
export interface Served extends Place {
  readonly transport: TransportName;
}

type AnnouncedTls = Pick<ServerTls, 'mode' | 'credentials'>;

type Interfaces = NodeJS.Dict<readonly NetworkInterfaceInfo[]>;

const names = { socket: 'sockets', grpc: 'gRPC' } as const;

/**
 * Returns what `tandem serve` prints once it listens: where to connect, with the command that does it, and
 * where the data is.
 *
 * @param dataDirectory where accounts and messages are kept, a directory or a URL; undefined when they are not
 * @param tls the TLS of all servers; undefined without
 * @param machine the name of this machine
 */
export function announce(
  served: readonly Served[],
  interfaces: Interfaces,
  dataDirectory: string | undefined,
  tls?: AnnouncedTls,
  machine = hostname(),
): string {
  const places = served.map((server) => announceOne(server, interfaces, tls, machine)).join('');
  const kept =
    dataDirectory === undefined
      ? 'in memory and forgotten at the end'
      : `in ${printable(dataDirectory)}`;
  return `${places}${announceTls(tls)}Accounts and messages are kept ${kept}; stop with Ctrl-C\n`;
}

/**
 * Returns the interfaces of this machine; none where the process may not ask for them, as in a unit of
 * systemd whose `RestrictAddressFamilies=` leaves out netlink.
 */
export function knownInterfaces(ask: () => Interfaces = networkInterfaces): Interfaces {
  try {
    return ask();
  } catch {
    return {};
  }
}

function announceTls(tls: AnnouncedTls | undefined): string {
  if (tls === undefined) return '';
  const who = tls.mode === 'required' ? 'All clients have to' : 'Clients may';
  const { fingerprint256 } = tls.credentials.certificate;
  return `${who} speak TLS; the SHA-256 of the certificate is ${fingerprint256}\n`;
}

/** Returns the options with which a client trusts the server, with a space before. */
function trustOf(tls: AnnouncedTls | undefined): string {
  if (tls === undefined) return '';
  const { certificate } = tls.credentials;
  const signsItself = certificate.verify(certificate.publicKey);
  return signsItself ? ` --tls-fingerprint ${certificate.fingerprint256}` : ' --tls';
}

function announceOne(
  served: Served,
  interfaces: Interfaces,
  tls: AnnouncedTls | undefined,
  machine: string,
): string {
  const { transport, address, port } = served;
  const [first = address, ...rest] = reachableAddresses(address, interfaces);
  const others = isEveryAddress(address) ? [printable(machine), ...rest] : rest;
  const where = first === address ? formatPlace(served) : formatAddress(first, port);
  const elsewhere = others.map((other) => `  also on   ${formatAddress(other, port)}\n`);
  return (
    `Serving ${names[transport]} on ${where}\n${elsewhere.join('')}` +
    `  chat with npx -y pnpm@12 chat:${transport} --host ${plainAddress(first)} --port ${port}${trustOf(tls)}\n`
  );
}

/** Tells if a server with this address listens on every address of its machine. */
export function isEveryAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** A server that listens on every address is reached on none of that name: the machine's own are named. */
function reachableAddresses(host: string, interfaces: Interfaces): string[] {
  if (!isEveryAddress(host)) return [host];
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = addresses.filter(
    ({ family, scopeid }) => (host === '::' || family === 'IPv4') && !scopeid,
  );
  const outside = usable.filter(({ internal }) => !internal);
  const inside = usable.filter(({ internal }) => internal);
  const names = [...outside, ...inside].map(({ address }) => address);
  return names.length > 0 ? names : [host];
}
