import { experimental } from '@grpc/grpc-js';
import { formatAddress, type Place } from '@tandem/core';

const scopedScheme = 'ipv6-scoped';

/** Returns the server's name in each call: the host as its user named it, without a scope. [RFC 9113, 8.3.1] */
export function authorityOf({ host, port }: Place): string {
  return formatAddress(host.replace(/%[^\]]*/, ''), port);
}

/**
 * Returns what grpc-js connects to, with the scheme of an address: that of names makes a resolver for
 * each channel, which reads the configuration of the system.
 */
export function targetOf({ address, port }: Place): string {
  if (!address.includes(':')) return `ipv4:${address}:${port}`;
  if (!address.includes('%')) return `ipv6:[${address}]:${port}`;
  experimental.registerResolver(scopedScheme, ScopedResolver);
  return `${scopedScheme}:[${address}]:${port}`;
}

type Constructor = Parameters<typeof experimental.registerResolver>[1];
type Target = ConstructorParameters<Constructor>[0];
type Listener = ConstructorParameters<Constructor>[1];

/**
 * Resolves an IPv6 address with a scope to itself. That of grpc-js makes a URL of it, in which a scope
 * cannot stand.
 */
class ScopedResolver {
  readonly #target: Target;
  readonly #listener: Listener;

  constructor(target: Target, listener: Listener) {
    this.#target = target;
    this.#listener = listener;
  }

  static getDefaultAuthority({ path }: Target): string {
    return path.replace(/%[^\]]*/, '');
  }

  updateResolution(): void {
    const [, host = '', port] = /^\[(.*)\]:([0-9]+)$/.exec(this.#target.path) ?? [];
    const addresses = [{ host, port: Number(port) }];
    process.nextTick(() => this.#listener({ ok: true, value: [{ addresses }] }, {}, null, ''));
  }

  destroy(): void {}
}
