import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { checkFaults, type Direction, type Faults } from './faults.ts';
import { ProxiedConnection } from './proxied-connection.ts';

/** Bytes that crossed a proxy: of TCP's payload, whatever the protocol above makes of it. */
export interface Traffic {
  /** From clients to the server. */
  readonly sent: number;
  /** From the server to clients. */
  readonly received: number;
}

/** A chunk as it arrived at a proxy: what one read of the socket gave. */
export interface ArrivedChunk {
  /** Connections are numbered from 0, in the order in which they were taken. */
  readonly connection: number;
  readonly direction: Direction;
  /** On the clock of `performance.now()`. */
  readonly atMs: number;
  /** Not to be changed: they are what goes on. */
  readonly bytes: Buffer;
}

/** Where a proxy stands, and what it does. */
export interface TcpProxyOptions {
  /** The server's address; the proxy listens there too, on a free port. */
  readonly host: string;
  readonly port: number;
  /** Called with each chunk in the turn in which it arrives, before it goes on. */
  readonly onBytes?: (chunk: ArrivedChunk) => void;
  /** The faults at first; none unless told. */
  readonly faults?: Faults;
  /**
   * How many bytes may wait in one direction of one connection, held back and unsent together. Beyond
   * that the proxy does not read, so TCP holds back the sender; one read (64 KiB) may exceed it. At
   * least 1; 256 KiB unless told.
   */
  readonly bufferedBytesMax?: number;
}

/** What may wait in one direction of one connection unless told otherwise, in bytes. */
const defaultBufferedBytesMax = 256 * 1024;

/**
 * A TCP proxy between clients and their server: it sees every byte, and does what networks do.
 *
 * Faults may be changed at any time. They apply to all its connections, what is held back already
 * included; whoever wants them for one client gives that client a proxy of its own.
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
  #target: { readonly host: string; readonly port: number };
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
    this.#target = { host: options.host, port: options.port };
    this.#faults = options.faults ?? {};
    this.#server = server;
    server.on('connection', (client) => this.#take(client));
  }

  /**
   * Opens a proxy in front of a server, on a free port of its host. The server need not be there: a
   * client is then reset.
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

  /** How many connections are open, one whose server is not yet reached included. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** What has arrived so far. */
  get traffic(): Traffic {
    return { sent: this.#sent, received: this.#received };
  }

  /** For how long nothing has arrived or gone on, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#lastByteAtMs;
  }

  get faults(): Faults {
    return this.#faults;
  }

  /**
   * Puts these faults in the place of those before; `{}` is none.
   *
   * @throws RangeError when one is beyond its bounds
   */
  setFaults(faults: Faults): void {
    checkFaults(faults);
    this.#faults = faults;
    for (const connection of this.#connections.values()) connection.faultsChanged();
  }

  /** The server is elsewhere now: connections that come from now on go there. */
  setTarget(host: string, port: number): void {
    this.#target = { host, port };
  }

  /**
   * Ends one direction of every connection, behind what has arrived: the receiver sees the end of the
   * stream. What its sender still sends is dropped. The other direction goes on.
   */
  halfClose(direction: Direction): void {
    for (const connection of this.#connections.values()) connection.halfClose(direction);
  }

  /** Resets every connection, on both sides (RST). What is held back is lost. */
  reset(): void {
    for (const connection of this.#connections.values()) connection.reset();
  }

  /** Closes every connection, on both sides, without a reset of ours. What is held back is lost. */
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
      server: connect({ ...this.#target, noDelay: true, allowHalfOpen: true }),
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
