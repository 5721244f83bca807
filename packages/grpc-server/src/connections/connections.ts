import type { Socket } from 'node:net';
import { type ConnectionGate, ConnectionTable } from '@tandem/core/server';
import { Connection, type ConnectionOptions } from './connection.ts';

// The memory of an idle connection, roughly: its socket, and its state of HTTP/2.
const connectionBytes = 32 * 1024;

interface ConnectionsOptions extends Omit<ConnectionOptions, 'teardown'> {
  readonly gate: ConnectionGate | undefined;
}

/** The connections of a server, by the address and port that grpc-js names in a call. */
export class Connections extends ConnectionTable<Socket, Connection> {
  readonly #byAddress = new Map<string, Connection>();
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionsOptions) {
    super('grpc', options.limits, options.logger, options.gate);
    this.#options = { ...options, teardown: this.teardown };
  }

  /**
   * Returns the connection of a call. Ask when the call begins: later its address may be `unknown`.
   *
   * @param address `address:port`, as `getPeer` of a call returns it
   */
  get(address: string): Connection | undefined {
    return this.#byAddress.get(address);
  }

  /** Takes a connection in, or drops it when there are too many: the client sees UNAVAILABLE. */
  accept(socket: Socket): Connection | undefined {
    socket.on('error', ignore);
    const connection = this.admit(socket, (network) => this.#connect(socket, network));
    if (connection === undefined) {
      socket.destroy();
      return undefined;
    }
    this.#byAddress.set(connection.peer, connection);
    return connection;
  }

  protected override left(connection: Connection): void {
    const { peer } = connection;
    if (this.#byAddress.get(peer) === connection) this.#byAddress.delete(peer);
    super.left(connection);
  }

  #connect(socket: Socket, network: string): Connection | undefined {
    const connection = new Connection(socket, network, this.#options);
    if (connection.account.take(connectionBytes)) return connection;
    connection.account.close();
    connection.allowance.close();
    return undefined;
  }
}

// One for all connections.
function ignore(): void {}
