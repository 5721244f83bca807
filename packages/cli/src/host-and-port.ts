import { isIPv6 } from 'node:net';

/** An address and a port as one writes them together. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
