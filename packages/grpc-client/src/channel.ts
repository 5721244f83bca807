import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import {
  type CallCredentials,
  ChannelCredentials,
  type ChannelOptions,
  credentials,
  experimental,
} from '@grpc/grpc-js';
import { formatAddress, type Place } from '@tandem/core';
import {
  type ClientTls,
  checkServer,
  type TlsProblem,
  tlsConnectOptions,
  tlsProblem,
  watchResets,
} from '@tandem/tls/client';

/** The bytes that HTTP/2 lets be under way to a client, on a stream and on the connection. [RFC 9113, 5.2] */
export const flowControlWindowBytes = 1024 * 1024;

/**
 * The options of grpc-js for one ChatClient.
 *
 * They were measured as the client's processor time for a unary call against that with default
 * options: `pnpm --filter @tandem/bench bench:grpc-options`. Two runs, of 10 and of 8 rounds, on
 * two virtual cores with other work gave at depth 64 0.89 (0.64 to 1.06) and 1.00 (0.85 to 1.20) for
 * all options together, while the default options against themselves gave 0.93 and 1.08; at depth 1
 * 1.05 and 1.10, against 1.05 and 1.04. So no difference can be shown, and each option is here for
 * what it does. The figures are older than the option of the flow-control window.
 */
export const channelOptions: ChannelOptions = {
  // A server may have carried out a request although its connection broke, so no call is repeated.
  // Alone 0.95 and 0.97 at depth 64.
  'grpc.enable_retries': 0,
  // Statistics that nobody reads here. Alone 0.91 and 1.00 at depth 64.
  'grpc.enable_channelz': 0,
  // Each client has its own connection, as with sockets: one client cannot end that of another.
  'grpc.use_local_subchannel_pool': 1,
  // A proxy that the environment names could end a session at any time.
  'grpc.enable_http_proxy': 0,
  // No DNS query for service settings: nobody publishes any, and they could turn retries on.
  'grpc.service_config_disable_resolution': 1,
  // A server that vanishes is noticed after 40 seconds at the latest. [P-5.1]
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  // The server decides how long a client without a session may be silent. This is the longest timer.
  'grpc.client_idle_timeout_ms': 2 ** 31 - 1,
  // A sender waits for a round trip after so many bytes. With the default of 65,535 a response of
  // 204 KB takes several round trips, with this one: `pnpm bench --scenarios round-trip`. The client
  // reads whatever comes, so it holds no more than what arrives in a turn of the event loop.
  'grpc-node.flow_control_window': flowControlWindowBytes,
  // The longest response is that of Login. A server puts as much of the mailbox into it as clients
  // take by default, less 64 KiB, and sends the rest on the stream. This is that default; it is set
  // because both sides rely on it.
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
};

const scopedScheme = 'ipv6-scoped';

/** Returns the name of the server in each call: the host as the user named it, without a scope. [RFC 9113, 8.3.1] */
export function authorityOf({ host, port }: Place): string {
  return formatAddress(host.replace(/%[^\]]*/, ''), port);
}

/**
 * Returns the target of grpc-js, with the scheme of addresses. With that of names, each channel would
 * have a resolver, which reads the configuration of the system.
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
 * Resolves an IPv6 address with a scope to itself. The resolver of grpc-js makes a URL of it, which
 * cannot have a scope.
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

/** The receiver of news of the TCP connection below a channel. */
interface TcpListener {
  /** Called when TCP is up. Returns false when the connection is not needed any more. */
  accepted(socket: Socket): boolean;
  /** Called when TLS is agreed on, or with what is wrong with it. */
  secured(problem: TlsProblem | undefined): void;
}

/** TLS for a server that is called `host`. */
interface NamedTls extends ClientTls {
  readonly host: string;
}

/**
 * Credentials, with TLS or without, that tell when TCP is up. grpc-js does not tell it, and users need to
 * know whether a server cannot be reached or accepts the connection and stays silent. A connection
 * that comes up after its channel was closed is cut; grpc-js would keep it.
 */
export class WatchedCredentials extends ChannelCredentials {
  readonly #inner = credentials.createInsecure();
  readonly #listener: TcpListener;
  readonly #tls: NamedTls | undefined;

  constructor(listener: TcpListener, tls: NamedTls | undefined) {
    super();
    this.#listener = listener;
    this.#tls = tls;
  }

  override compose(callCredentials: CallCredentials): ChannelCredentials {
    return this.#inner.compose(callCredentials);
  }

  override _isSecure(): boolean {
    return this.#tls !== undefined;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...given: ConnectorArguments): Connector {
    const inner = this.#inner._createSecureConnector(...given);
    return {
      ...inner,
      connect: async (socket) => {
        if (!this.#listener.accepted(socket)) {
          socket.destroy();
          throw new Error('this channel was closed');
        }
        if (this.#tls === undefined) return inner.connect(socket);
        return { socket: await this.#secure(socket, this.#tls), secure: true };
      },
    };
  }

  async #secure(socket: Socket, tls: NamedTls): Promise<TLSSocket> {
    const secured = Promise.withResolvers<void>();
    const secure = connect({ socket, ...tlsConnectOptions(tls, tls.host, 'h2') });
    tls.tickets?.watch(secure);
    watchResets(secure);
    secure.once('secureConnect', secured.resolve);
    secure.on('error', (error) => {
      secured.reject(error);
      // With TLS 1.3 a server judges a certificate of the client's when that takes TLS as agreed on.
      const problem = tlsProblem(error, tls.host);
      if (problem !== undefined) this.#listener.secured(problem);
    });
    secure.once('close', () => secured.reject(new Error('closed')));
    let problem: TlsProblem | undefined;
    try {
      await secured.promise;
      problem = checkServer(secure, tls, 'h2');
    } catch (error) {
      problem = tlsProblem(error, tls.host);
      if (problem === undefined) throw error;
    }
    this.#listener.secured(problem);
    if (problem === undefined) return secure;
    secure.destroy();
    throw new Error(problem.reason);
  }
}
