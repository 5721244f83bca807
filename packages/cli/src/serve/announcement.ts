import type { NetworkInterfaceInfo } from 'node:os';
import { formatAddress, formatPlace, type Place, plainAddress } from '@tandem/core';
import { printable } from '../terminal/printable.ts';

/** A place at which a server listens, and its transport. */
export interface Served extends Place {
  readonly transport: 'socket' | 'grpc';
}

type Interfaces = NodeJS.Dict<readonly NetworkInterfaceInfo[]>;

const names = { socket: 'sockets', grpc: 'gRPC' } as const;

/**
 * What `tandem serve` prints once it listens: where to connect, with the command that does it, and
 * where the data is.
 *
 * @param dataDirectory where accounts and messages are kept; undefined when they are not
 */
export function announce(
  served: readonly Served[],
  interfaces: Interfaces,
  dataDirectory: string | undefined,
): string {
  const places = served.map((server) => announceOne(server, interfaces)).join('');
  const kept =
    dataDirectory === undefined
      ? 'in memory and forgotten at the end'
      : `in ${printable(dataDirectory)}`;
  return `${places}Accounts and messages are kept ${kept}; stop with Ctrl-C\n`;
}

function announceOne(served: Served, interfaces: Interfaces): string {
  const { transport, address, port } = served;
  const [first = address, ...others] = reachableAddresses(address, interfaces);
  const where = first === address ? formatPlace(served) : formatAddress(first, port);
  const elsewhere = others.map((other) => `  also on   ${formatAddress(other, port)}\n`);
  return (
    `Serving ${names[transport]} on ${where}\n${elsewhere.join('')}` +
    `  chat with npx -y pnpm@12 chat:${transport} --host ${plainAddress(first)} --port ${port}\n`
  );
}

/** A server that listens on every address is reached on none of that name: the machine's own are named. */
function reachableAddresses(host: string, interfaces: Interfaces): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = addresses.filter(
    ({ family, scopeid }) => (host === '::' || family === 'IPv4') && !scopeid,
  );
  const outside = usable.filter(({ internal }) => !internal);
  const inside = usable.filter(({ internal }) => internal);
  const names = [...outside, ...inside].map(({ address }) => address);
  return names.length > 0 ? names : [host];
}
