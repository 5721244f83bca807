/** The name of a transport, in options and logs. */
export type TransportName = 'socket' | 'grpc';

/** The place at which a server listens. */
export interface Place {
  /** The host as its user named it: a name or an address. */
  readonly host: string;
  /** The address that the host stands for. */
  readonly address: string;
  readonly port: number;
}

/**
 * Returns an address and a port as they are written together: `127.0.0.1:5`, `[::1]:5`. An IPv6
 * address has its short form, and an IPv4 address that is mapped into IPv6 is written as IPv4.
 *
 * @param host a name or an address, with or without brackets
 */
export function formatAddress(host: string, port: number): string {
  const address = plainAddress(host);
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Returns a place for people: `localhost (127.0.0.1:5)`, or only the address where no name was given. */
export function formatPlace({ host, address, port }: Place): string {
  const where = formatAddress(address, port);
  return plainAddress(host) === plainAddress(address) ? where : `${host} (${where})`;
}

/** Returns an address without brackets, short, and as IPv4 if it is that. Other text stays as it is. */
export function plainAddress(host: string): string {
  const [address = '', scope] = withoutBrackets(host).split('%', 2);
  if (!isIPv6(address)) return host;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short);
  if (mapped !== null) {
    const groups = mapped.slice(1).map((group) => Number.parseInt(group, 16));
    return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
  }
  return scope === undefined ? short : `${short}%${scope}`;
}

/** A host that can be connected to or listened on, or why a text names none. */
export type ParsedHost = { readonly host: string } | { readonly problem: string };

/**
 * Reads a host: a name, or an address that may stand in brackets and may have a scope
 * (`fe80::1%eth0`). Returns it without brackets. A name may still be one that does not exist.
 */
export function parseHost(text: string): ParsedHost {
  if (text === '') return { problem: 'the name of the host is empty' };
  if (text.includes('://')) {
    return {
      problem: `"${text}" is a URL: name its host alone; the port has an option of its own`,
    };
  }
  if (/^(\[.*\]|[^:]*):[0-9]*$/.test(text)) {
    return { problem: `"${text}" is a host and a port: the port has an option of its own` };
  }
  const host = withoutBrackets(text);
  const bracketed = host !== text;
  const [address = '', scope] = host.split('%', 2);
  if ((bracketed || host.includes(':')) && (!isIPv6(address) || scope === '')) {
    return { problem: `"${text}" is not an IPv6 address` };
  }
  if (/[\p{White_Space}\p{C}/@]/u.test(host)) {
    return { problem: `"${text}" is neither a name nor an address` };
  }
  return { host };
}

/** A host and a port, or why a text names none. */
export type ParsedAddress =
  | { readonly host: string; readonly port: number }
  | { readonly problem: string };

/**
 * Reads a host and a port that are written together, as {@link formatAddress} writes them:
 * `localhost:5`, `127.0.0.1:5`, `[::1]:5`. Returns the host without brackets, and a port from 1 to 65535.
 */
export function parseAddress(text: string): ParsedAddress {
  const [, written = '', digits] = /^(\[.*\]|[^:]*):([0-9]+)$/s.exec(text) ?? [];
  if (digits === undefined) {
    return { problem: `"${text}" is not a host and a port, such as 127.0.0.1:5 or [::1]:5` };
  }
  const port = Number(digits);
  if (port < 1 || port > 65_535) return { problem: `there is no port ${digits}` };
  const parsed = parseHost(written);
  return 'problem' in parsed ? parsed : { host: parsed.host, port };
}

function withoutBrackets(text: string): string {
  return /^\[.*\]$/s.test(text) ? text.slice(1, -1) : text;
}

function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) && URL.canParse(`http://[${text}]`);
}

/**
 * Returns the network of an address, which counts as one client where clients share something.
 *
 * An IPv4 address is its own network, also as IPv6 writes it (`::ffff:192.0.2.7`). The network of an
 * IPv6 address is its first 64 bits: who has one address has all of those. [RFC 4291, 2.5.1]
 *
 * @param address the address of a socket's remote end; empty when it has none
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  const [head = '', tail = ''] = address.replace(/%.*/, '').split('::');
  const front = groupsOf(head);
  const zeros = Array<string>(Math.max(0, 8 - front.length - groupsOf(tail).length)).fill('0');
  return [...front, ...zeros, ...groupsOf(tail)].slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** The default port of a socket server: that of the 2023 server. [P-1] */
export const defaultSocketPort = 22067;

/** The default port of a gRPC server. */
export const defaultGrpcPort = 22068;

/** Tells if a host is this machine alone: `localhost`, 127.0.0.0/8 or ::1, as {@link parseHost} returns it. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|(0{1,4}:){7}0{0,3}1|::ffff:127(\.\d{1,3}){3})$/i.test(
    host,
  );
}
