import { isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** Where a server listens. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

type Interfaces = NodeJS.Dict<readonly NetworkInterfaceInfo[]>;

/** What `tandem serve` prints once it listens: where to connect, with the command that does it. */
export function announce({ host, port }: Listening, interfaces: Interfaces): string {
  const [first, ...others] = reachableAddresses(host, interfaces);
  const elsewhere = others.map((address) => `  also on   ${hostAndPort(address, port)}\n`);
  return (
    `Serving sockets on ${hostAndPort(first as string, port)}\n${elsewhere.join('')}` +
    `  chat with ${chatCommandLine(first as string, port)}\n` +
    '  accounts and messages are kept in memory and forgotten at the end; stop with Ctrl-C\n'
  );
}

/** An address and a port as one writes them together. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function chatCommandLine(host: string, port: number): string {
  return `pnpm chat:socket --host ${host} --port ${port}`;
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
