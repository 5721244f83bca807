import { networkOf, type TransportName } from '../address.ts';
import { Admission, type AdmissionLimits, type AdmissionRefusal } from './admission.ts';
import { type Log, logRefusal, type RemoteEnd, Tally } from './log.ts';
import {
  connectionOf,
  type DestroyableSocket,
  putOffEnd,
  TeardownQueue,
  type TornDown,
} from './teardown-queue.ts';

/** A socket that a server has accepted. */
export interface AcceptedSocket extends RemoteEnd, DestroyableSocket {
  on(event: 'close', listener: (this: this) => void): unknown;
  destroy(): unknown;
}

/** The reason why a network may not connect: it does so too often, or the operator has banned it. */
export type GateRefusal = 'tooFast' | 'banned';

/** Decides about a connection before a server holds anything for it; one gate may serve several servers. */
export interface ConnectionGate {
  /**
   * Counts a connection of a network, and lets it pass; or returns why not, and then it does not count.
   *
   * @param network see `networkOf`
   */
  enter(network: string): GateRefusal | undefined;
}

/** The reason for refusing a connection, or for closing it for others. */
export type ConnectionRefusal = AdmissionRefusal | GateRefusal | 'memoryFull' | 'displaced';

/** A connection in the table of a server. */
export interface TableConnection extends TornDown {
  /** The network that it comes from; see `networkOf`. */
  readonly address: string;
  /** Tells if somebody is logged in there. */
  readonly hasSession: boolean;
  /** The socket that was accepted is gone. */
  socketClosed(): void;
  /** Closes the connection at once, for a reason that its log is told. */
  destroy(reason: string): void;
}

/**
 * The connections of a server. It admits those that may come, and warns when some may not. The
 * warning is one line in ten seconds, however many clients come.
 */
export class ConnectionTable<Socket extends AcceptedSocket, Connection extends TableConnection> {
  readonly #transport: TransportName;
  readonly #log: Log;
  readonly #connections: Admission<Connection>;
  readonly #turnedAway: Tally<ConnectionRefusal>;
  readonly #refusals: Record<ConnectionRefusal, number> = {
    serverFull: 0,
    addressFull: 0,
    tooFast: 0,
    banned: 0,
    memoryFull: 0,
    displaced: 0,
  };
  readonly #gate: ConnectionGate | undefined;
  /** Spreads the ends of the connections over turns of the event loop. */
  readonly teardown = new TeardownQueue();
  readonly #onClose: (this: Socket) => void;
  #onEmpty: (() => void) | undefined;

  /** @param gate asked before anything else; by default each network may connect as often as it likes */
  constructor(
    transport: TransportName,
    limits: AdmissionLimits,
    log: Log,
    gate: ConnectionGate | undefined,
  ) {
    this.#transport = transport;
    this.#log = log;
    this.#gate = gate;
    this.#connections = new Admission<Connection>(limits, {
      hasSession: (connection) => connection.hasSession,
      displace: (connection) => {
        this.#count('displaced');
        connection.destroy('another address has its place');
      },
    });
    const table = this;
    // One listener for all sockets: an idle connection would pay for a closure.
    this.#onClose = function (this: Socket) {
      table.left(this[connectionOf] as Connection);
    };
    this.#turnedAway = new Tally((counts) =>
      log.warn({ transport, connections: this.size, ...counts }, turnedAway),
    );
  }

  /** The number of connections. */
  get size(): number {
    return this.#connections.size;
  }

  /**
   * Admits a socket; undefined when it is refused, which the log is told. The caller closes it then.
   *
   * @param connect makes the connection, given its network; undefined when there is no memory for it
   */
  admit(
    socket: Socket,
    connect: (address: string) => Connection | undefined,
  ): Connection | undefined {
    const address = networkOf(socket.remoteAddress ?? '');
    const refusal = this.#gate?.enter(address) ?? this.#connections.makeRoom(address);
    if (refusal !== undefined) return this.#refuse(socket, refusal);
    const connection = connect(address);
    if (connection === undefined) return this.#refuse(socket, 'memoryFull');
    this.#connections.add(address, connection);
    putOffEnd(socket, connection);
    socket.on('close', this.#onClose);
    return connection;
  }

  /** Forgets a connection whose socket is gone, and tells it. */
  protected left(connection: Connection): void {
    this.#connections.leave(connection.address, connection);
    if (this.size === 0) this.#onEmpty?.();
    connection.socketClosed();
  }

  /** The number of connections that were refused, or closed for others, by reason. */
  get refusals(): Readonly<Record<ConnectionRefusal, number>> {
    return this.#refusals;
  }

  /** Closes every connection of a network, each when its turn comes; returns how many. */
  closeNetwork(network: string, reason: string): number {
    const those = [...this].filter(({ address }) => address === network);
    for (const connection of those) connection.destroy(reason);
    return those.length;
  }

  /** Resolves when there is no connection. For one caller. */
  whenEmpty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Closes every connection, each when its turn comes, whatever is under way on it. */
  destroyAll(): void {
    for (const connection of this) connection.destroy('the server stops');
  }

  /** Tells the log what it was not yet told. */
  flushLog(): void {
    this.#turnedAway.flush();
  }

  /** The connections; those of an address one after the other, the oldest first. */
  [Symbol.iterator](): Iterator<Connection> {
    return this.#connections[Symbol.iterator]();
  }

  #count(reason: ConnectionRefusal): void {
    this.#refusals[reason]++;
    this.#turnedAway.add(reason);
  }

  #refuse(socket: Socket, reason: ConnectionRefusal): undefined {
    this.#count(reason);
    logRefusal(this.#log, this.#transport, socket, reason);
    // Nothing is said to whom the operator does not want here.
    if (reason === 'banned') socket.destroy();
    return undefined;
  }
}

const turnedAway =
  'connections are refused, or closed for those of other addresses: the server or an address has the most that it may have, or an address connects too often or is banned';

/** A server that listens, of any transport. */
export interface TransportServer {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on, never 0. */
  readonly port: number;
  /** The number of clients that are connected. */
  readonly connectionCount: number;
  /** The number of connections that were refused, or closed for others, by reason. */
  readonly refusals: Readonly<Record<ConnectionRefusal, number>>;
  /** Closes every connection of a network, see `networkOf`, each when its turn comes; returns how many. */
  closeNetwork(network: string, reason: string): number;
  /**
   * Takes no more connections and requests, tells every client, answers what is under way, and closes.
   * Resolves when all are gone, by force after `stopGraceMs`. May be called again. [P-6.9]
   */
  stop(): Promise<void>;
}

/** A server that can listen, as those of `node:net` can. */
interface ListeningServer {
  once(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  listen(
    options: { readonly host: string; readonly port: number; readonly backlog: number },
    onListening: () => void,
  ): unknown;
}

// Clients that come together, after a restart of the server say, wait here and are not refused.
const listenBacklog = 4_096;

/** Resolves when a server listens. Rejects with Node's error when it cannot. */
export function listen(server: ListeningServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: listenBacklog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
