import type { Socket } from 'node:net';
import { type CallCredentials, ChannelCredentials, credentials } from '@grpc/grpc-js';

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type ConnectorArguments = Parameters<ChannelCredentials['_createSecureConnector']>;

/** What is told of the TCP connection below a channel. */
export interface TcpListener {
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
