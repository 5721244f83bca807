import type { NetworkInterfaceInfo } from 'node:os';
import { hostAndPort } from '../host-and-port.ts';

/** Where a server listens. */
interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Where a server listens, and for what. */
export interface Served extends Listening {
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
    dataDirectory === undefined ? 'in memory and forgotten at the end' : `in ${dataDirectory}`;
  return `${places}Accounts and messages are kept ${kept}; stop with Ctrl-C\n`;
}

function announceOne({ transport, host, port }: Served, interfaces: Interfaces): string {
  const [first, ...others] = reachableAddresses(host, interfaces);
  const elsewhere = others.map((address) => `  also on   ${hostAndPort(address, port)}\n`);
  return (
    `Serving ${names[transport]} on ${hostAndPort(first as string, port)}\n${elsewhere.join('')}` +
    `  chat with npx -y pnpm@12 chat:${transport} --host ${first} --port ${port}\n`
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
