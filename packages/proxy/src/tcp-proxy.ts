import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';
import { checkFaults, type Direction, type Faults } from './faults.ts';
import { ProxiedConnection } from './proxied-connection.ts';

/** Bytes of TCP payload that crossed a proxy. */
export interface Traffic {
  /** From clients to the server. */
  readonly sent: number;
  /** From the server to clients. */
  readonly received: number;
}

/** A chunk that arrived at a proxy: the bytes of one read. */
export interface ArrivedChunk {
  /** The number of its connection: from 0, in the order in which they were accepted. */
  readonly connection: number;
  readonly direction: Direction;
  /** The time of its arrival, on the clock of `performance.now()`. */
  readonly atMs: number;
  /** Must not be changed: the same bytes are passed on. */
  readonly bytes: Buffer;
}

/** The options of a proxy. */
export interface TcpProxyOptions {
  /** The server's address; the proxy listens there too, on a free port. */
  readonly host: string;
  /** The server's port on that host, or the path of its Unix socket. */
  readonly port: number | string;
  /** Called with each chunk in the turn in which it arrives, before it goes on. */
  readonly onBytes?: (chunk: ArrivedChunk) => void;
  /** The faults at first; none by default. */
  readonly faults?: Faults;
  /**
   * The most bytes that wait in one direction of one connection, held back and unsent together. The
   * proxy does not read beyond that, so TCP holds the sender back; one read (64 KiB) may exceed it. At
   * least 1; 256 KiB by default.
   */
  readonly bufferedBytesMax?: number;
}

/** The default of {@link TcpProxyOptions.bufferedBytesMax}. */
const defaultBufferedBytesMax = 256 * 1024;

/**
 * A TCP proxy between clients and their server. It sees every byte, and can cause the faults of networks.
 *
 * Faults may be changed at any time. They apply to all connections, and also to bytes that are already held
 * back. A client that needs faults of its own needs a proxy of its own.
 */
export class TcpProxy {
  /** The address that clients connect to. */
  readonly host: string;
  /** The port that clients connect to. */
  readonly port: number;
  readonly #server: Server;
  readonly #options: TcpProxyOptions;
  readonly #connections = new Map<number, ProxiedConnection>();
  #connectionsTaken = 0;
  #target: NetConnectOpts;
  #faults: Faults;
  #sent = 0;
  #received = 0;
  #lastByteAtMs = performance.now();
  #closed: Promise<void> | undefined;

  private constructor(options: TcpProxyOptions, server: Server) {
    const { address, port } = server.address() as AddressInfo;
    this.host = address;
    this.port = port;
    this.#options = options;
    this.#target = targetOf(options.host, options.port);
    this.#faults = options.faults ?? {};
    this.#server = server;
    server.on('connection', (client) => this.#take(client));
  }

  /**
   * Opens a proxy in front of a server, on a free port of its host. If the server does not listen, a
   * client is reset.
   *
   * @throws when it cannot listen on that host; RangeError when an option is beyond its bounds
   */
  static async open(options: TcpProxyOptions): Promise<TcpProxy> {
    checkFaults(options.faults ?? {});
    if (!((options.bufferedBytesMax ?? 1) >= 1)) throw new RangeError('a buffer of no bytes');
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(0, options.host);
    await once(server, 'listening');
    return new TcpProxy(options, server);
  }

  /** The number of open connections, those that have not reached the server included. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * The ports of each open connection, by its number: the client's, and the proxy's own towards the
   * server. With them one can ask the kernel about either socket.
   */
  get ports(): ReadonlyMap<number, { readonly client: number; readonly server: number }> {
    const open = [...this.#connections].flatMap(([number, { ports }]) =>
      ports === undefined ? [] : [[number, ports] as const],
    );
    return new Map(open);
  }

  /** The bytes that have arrived so far. */
  get traffic(): Traffic {
    return { sent: this.#sent, received: this.#received };
  }

  /** The time since a byte last arrived or passed, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#lastByteAtMs;
  }

  get faults(): Faults {
    return this.#faults;
  }

  /**
   * Replaces the faults; `{}` ends them all.
   *
   * @throws RangeError when one is beyond its bounds
   */
  setFaults(faults: Faults): void {
    checkFaults(faults);
    this.#faults = faults;
    for (const connection of this.#connections.values()) connection.faultsChanged();
  }

  /** Sends the connections that come from now on to another server: a port, or the path of a Unix socket. */
  setTarget(host: string, port: number | string): void {
    this.#target = targetOf(host, port);
  }

  /**
   * Ends one direction of every connection after the bytes that have arrived. The receiver sees the end of the
   * stream. Later bytes of the sender are dropped. The other direction goes on.
   */
  halfClose(direction: Direction): void {
    for (const connection of this.#connections.values()) connection.halfClose(direction);
  }

  /** Resets every connection, on both sides (RST). Bytes that are held back are lost. */
  reset(): void {
    for (const connection of this.#connections.values()) connection.reset();
  }

  /** Closes every connection, on both sides, without a reset. Bytes that are held back are lost. */
  cut(): void {
    for (const connection of this.#connections.values()) connection.cut();
  }

  /** Cuts every connection and stops listening. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const stopped = new Promise((resolve) => this.#server.close(resolve));
    const connections = [...this.#connections.values()];
    this.cut();
    await Promise.all([stopped, ...connections.map(({ closed }) => closed)]);
  }

  #take(client: Socket): void {
    if (this.#faults.refuseConnections) {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const number = this.#connectionsTaken++;
    const { bufferedBytesMax = defaultBufferedBytesMax } = this.#options;
    const connection = new ProxiedConnection({
      client,
      server: connect(this.#target),
      isServerUnix: 'path' in this.#target,
      bufferedBytesMax,
      faults: (direction) => this.#faults[direction] ?? {},
      onArrived: (direction, bytes, atMs) => this.#arrived(number, direction, bytes, atMs),
      onPassed: () => {
        this.#lastByteAtMs = performance.now();
      },
    });
    this.#connections.set(number, connection);
    void connection.closed.then(() => this.#connections.delete(number));
  }

  #arrived(connection: number, direction: Direction, bytes: Buffer, atMs: number): void {
    if (direction === 'toServer') this.#sent += bytes.length;
    else this.#received += bytes.length;
    this.#lastByteAtMs = atMs;
    this.#options.onBytes?.({ connection, direction, atMs, bytes });
  }
}

function targetOf(host: string, port: number | string): NetConnectOpts {
  const target = typeof port === 'number' ? { host, port, noDelay: true } : { path: port };
  return { ...target, allowHalfOpen: true };
}
