import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { turnCost } from '@tandem/chat';
import {
  clockMs,
  encodeFramedResponse,
  framedVersion,
  isFramedVersion,
  Status,
} from '@tandem/core';
import { encodeSeedStatus } from '@tandem/core/seed';
import {
  ConnectionTable,
  defaultMemoryBytesMax,
  listen,
  MemoryBudget,
  Tally,
  type TransportServer,
} from '@tandem/core/server';
import {
  type Arrival,
  busyOverTls,
  isHandshake,
  SecureFront,
  type ServerTls,
  speaksTlsAlone,
} from '@tandem/tls/server';
import { Connection, type ConnectionOptions } from './connection.ts';
import {
  defaultSocketServerLimits,
  type SocketServerLimits,
  type SocketServerOptions,
} from './options.ts';

/** The use of TLS of a server; undefined without. */
type TlsMode = ServerTls['mode'] | undefined;

const silenceSweepMsMax = 1_000;

// What an idle connection takes in memory, roughly.
const connectionBytes = 8 * 1024;

/** Starts a socket server; it listens when this resolves. Rejects with Node's error when it cannot. */
export async function startSocketServer(options: SocketServerOptions): Promise<TransportServer> {
  const limits = { ...defaultSocketServerLimits, ...options.limits };
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveMs,
    // Nobody reads a byte before it is settled who is to read it.
    pauseOnConnect: options.tls !== undefined,
  });
  const connections = new Connections(options, limits);
  server.on('connection', (socket) => connections.accept(socket));
  await listen(server, options.host, options.port);
  const silenceSweep = setInterval(
    () => connections.dropSilent(),
    Math.min(limits.idleBeforeLoginMs, limits.drainTimeoutMs, silenceSweepMsMax),
  );
  server.on('close', () => clearInterval(silenceSweep));
  server.on('error', (error) => options.logger.error({ err: error }, 'the socket server failed'));

  const { address, port } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  return {
    host: address,
    port,
    get connectionCount() {
      return connections.size;
    },
    get refusals() {
      return connections.refusals;
    },
    closeNetwork(network, reason) {
      return connections.closeNetwork(network, reason);
    },
    stop() {
      stopped ??= stop(server, connections, limits.stopGraceMs);
      return stopped;
    },
  };
}

async function stop(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const force = setTimeout(() => connections.destroyAll(), graceMs);
  connections.stopAll();
  await closed;
  // Node says that the server is closed before it says so of the last sockets.
  await connections.whenEmpty();
  clearTimeout(force);
  connections.end();
}

/** The connections of a server, and those that are being told that it is full. */
class Connections extends ConnectionTable<Socket, Connection> {
  readonly #options: ConnectionOptions;
  readonly #limits: SocketServerLimits;
  readonly #mailboxFailures: Tally<'times', unknown>;
  readonly #refused = new Set<Socket>();
  readonly #budget: MemoryBudget;
  readonly #front: SecureFront | undefined;

  constructor(options: SocketServerOptions, limits: SocketServerLimits) {
    super('socket', limits, options.logger, options.gate);
    this.#limits = limits;
    this.#budget = options.budget ?? new MemoryBudget(defaultMemoryBytesMax);
    this.#front =
      options.tls &&
      new SecureFront({
        tls: options.tls,
        transport: 'socket',
        log: options.logger,
        firstByteTimeoutMs: limits.idleBeforeLoginMs,
      });
    this.#mailboxFailures = new Tally((counts, error) =>
      options.logger.error({ err: error, ...counts }, 'a mailbox could not be read'),
    );
    const { service, logger, trace } = options;
    this.#options = {
      service,
      logger,
      trace,
      limits,
      onMailboxFailed: (error) => this.#mailboxFailures.add('times', error),
      teardown: this.teardown,
    };
  }

  /** Takes a connection in, or tells the client that the server is full. */
  accept(socket: Socket): void {
    const connection = this.admit(socket, (address) => this.#connect(socket, address));
    if (connection === undefined) this.#refuse(socket);
    else if (this.#front === undefined) connection.begin(socket);
    else this.#front.take(this.#arrivalOf(socket, connection));
  }

  /** Tells the log what it was not yet told, when all connections are gone. */
  end(): void {
    this.flushLog();
    this.#mailboxFailures.flush();
    this.#front?.close();
  }

  stopAll(): void {
    for (const connection of this) connection.stop();
    for (const socket of this.#refused) socket.destroy();
  }

  /** Closes the connections that do not read, or send nothing. One timer serves all of them. */
  dropSilent(): void {
    const now = clockMs();
    for (const connection of this) connection.dropIfSilent(now);
  }

  #connect(socket: Socket, address: string): Connection | undefined {
    const account = this.#budget.open(address);
    if (account.take(connectionBytes)) return new Connection(socket, account, this.#options);
    account.close();
    return undefined;
  }

  #arrivalOf(socket: Socket, connection: Connection): Arrival {
    const { scheduler } = this.#options.service;
    return {
      socket,
      address: connection.address,
      account: connection.account,
      teardown: this.teardown,
      takeTurn: (begin) => scheduler.take(connection, turnCost.handshake, begin),
      ready: (secured) => connection.begin(secured),
      failed: (reason) => connection.destroy(reason),
      flooded: () => connection.destroy('it floods TLS with records that say nothing'),
    };
  }

  #refuse(socket: Socket): void {
    if (socket.destroyed) return;
    if (this.#refused.size >= this.#limits.refusalsMax) {
      const [oldest] = this.#refused as Set<Socket> & [Socket];
      oldest.destroy();
      this.#refused.delete(oldest);
    }
    this.#refused.add(socket);
    socket.on('close', () => this.#refused.delete(socket));
    refuseBusy(socket, this.#front?.options.tls.mode);
  }
}

// The time that a client which is refused has for its first byte, in milliseconds.
const refusalWaitMs = 1_000;

/**
 * Tells a client that the server takes no more connections, in the dialect of its first byte, and
 * closes. A client that sends nothing at once is told nothing. [P-6.10]
 */
function refuseBusy(socket: Socket, tls: TlsMode): void {
  const timer = setTimeout(() => socket.destroy(), refusalWaitMs);
  timer.unref();
  socket.on('error', () => {});
  socket.on('close', () => clearTimeout(timer));
  socket.once('data', (chunk) => {
    socket.end(refusalOf(chunk, tls));
    socket.resume();
  });
  socket.on('end', () => socket.end());
  socket.resume();
}

/** Returns the refusal for a client that says this first. [P-6.10] [P-10.2] */
function refusalOf(firstBytes: Buffer, tls: TlsMode): Uint8Array {
  if (tls !== undefined && isHandshake(firstBytes)) return busyOverTls;
  if (tls === 'required') return speaksTlsAlone;
  return isFramedVersion(firstBytes[0] as number) ? framedRefusal : seedRefusal;
}

const framedRefusal = Buffer.concat([
  Buffer.of(framedVersion),
  encodeFramedResponse(Status.tooBusy),
]);
const seedRefusal = encodeSeedStatus(Status.tooBusy);
