import type { Socket } from 'node:net';
import {
  type CallCredentials,
  ChannelCredentials,
  type ChannelOptions,
  credentials,
  experimental,
} from '@grpc/grpc-js';
import { formatAddress, type Place } from '@tandem/core';

/** How many bytes HTTP/2 lets be under way to a client, on a stream and on the connection. [RFC 9113, 5.2] */
export const flowControlWindowBytes = 1024 * 1024;

/**
 * How grpc-js is set up for one ChatClient.
 *
 * What it is worth is the client's processor time for a unary call against that with default
 * options: `pnpm --filter @tandem/grpc-client bench:options`. Two runs, of 10 and of 8 rounds, on
 * two virtual cores with other work gave at depth 64 0.89 (0.64 to 1.06) and 1.00 (0.85 to 1.20) for
 * all options together, while the default options against themselves gave 0.93 and 1.08; at depth 1
 * 1.05 and 1.10, against 1.05 and 1.04. So no difference could be told, and each option is here for
 * what it does. They are from before the flow-control window was set.
 */
export const channelOptions: ChannelOptions = {
  // A request may have been carried out when its connection broke, so no call is ever repeated, nor
  // kept for that. Alone 0.95 and 0.97 at depth 64.
  'grpc.enable_retries': 0,
  // Books that nobody reads here. Alone 0.91 and 1.00 at depth 64.
  'grpc.enable_channelz': 0,
  // A connection of its own for each client, as with sockets. Shared, the end of one would be the
  // end of others.
  'grpc.use_local_subchannel_pool': 1,
  // A proxy of the environment's would end a session whenever it liked.
  'grpc.enable_http_proxy': 0,
  // No DNS query for settings that nobody publishes; they could turn retries on again.
  'grpc.service_config_disable_resolution': 1,
  // A peer that is gone without a word is noticed after 40 seconds at the latest. [P-5.1]
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  // A client without a session may be silent for as long as the server lets it: this is the longest
  // that a timer can be.
  'grpc.client_idle_timeout_ms': 2 ** 31 - 1,
  // What may be under way to this client on a stream, and on the connection: a sender waits for a
  // round trip after so much. With the default of 65,535 bytes an answer of 204 KB takes several, with
  // this one a single one: `pnpm bench --scenarios round-trip`. The client reads whatever comes, so
  // that no more waits than what arrives in a turn.
  'grpc-node.flow_control_window': flowControlWindowBytes,
  // The longest answer is a Login's. A server puts as much of the mailbox into it as clients take by
  // default, less 64 KiB to spare, and the rest on the stream. So this is that default, said because
  // both sides count on it.
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
};

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

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type ConnectorArguments = Parameters<ChannelCredentials['_createSecureConnector']>;

/** What is told of the TCP connection below a channel. */
interface TcpListener {
  /** TCP is up. Returns false when nobody wants the connection any more. */
  accepted(socket: Socket): boolean;
}

/**
 * Credentials without encryption that tell when TCP is up, which grpc-js keeps to itself: whether a
 * server does not answer or says nothing is not the same to its user. A connection that comes up
 * after its channel was closed is cut; grpc-js would keep it.
 */
export class WatchedCredentials extends ChannelCredentials {
  readonly #inner = credentials.createInsecure();
  readonly #listener: TcpListener;

  constructor(listener: TcpListener) {
    super();
    this.#listener = listener;
  }

  override compose(callCredentials: CallCredentials): ChannelCredentials {
    return this.#inner.compose(callCredentials);
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...given: ConnectorArguments): Connector {
    const inner = this.#inner._createSecureConnector(...given);
    return {
      ...inner,
      connect: async (socket) => {
        if (this.#listener.accepted(socket)) return inner.connect(socket);
        socket.destroy();
        throw new Error('this channel was closed');
      },
    };
  }
}
