import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  Admission,
  type AdmissionRefusal,
  defaultMemoryBytesMax,
  logRefusal,
  type MemoryAccount,
  MemoryBudget,
  networkOf,
  Tally,
} from '@tandem/core';
import { Connection } from './connection.ts';
import {
  defaultSocketServerLimits,
  type SocketServerLimits,
  type SocketServerOptions,
} from './options.ts';
import { refuseBusy } from './refusal.ts';

const silenceSweepMsMax = 1_000;
const listenBacklog = 4_096;

// What an idle connection takes in memory, roughly.
const connectionBytes = 8 * 1024;

/** A socket server that listens. */
export interface SocketServer {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on, never 0. */
  readonly port: number;
  /** How many clients are connected. */
  readonly connectionCount: number;
  /**
   * Takes no more connections, tells every client, answers what was read, and closes. Resolves when
   * all are gone, by force after `stopGraceMs`. May be called again. [P-6.9]
   */
  stop(): Promise<void>;
}

/** Starts a socket server; it listens when this resolves. Rejects with Node's error when it cannot. */
export async function startSocketServer(options: SocketServerOptions): Promise<SocketServer> {
  const limits = { ...defaultSocketServerLimits, ...options.limits };
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveMs,
  });
  const connections = new ConnectionTable(options, limits);
  server.on('connection', (socket) => connections.admit(socket));
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
    stop() {
      stopped ??= stop(server, connections, limits.stopGraceMs);
      return stopped;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: listenBacklog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function stop(server: Server, connections: ConnectionTable, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const force = setTimeout(() => connections.destroyAll(), graceMs);
  connections.stopAll();
  await closed;
  // Node says that the server is closed before it says so of the last sockets.
  await connections.whenEmpty();
  clearTimeout(force);
  connections.flushLog();
}

/** The clients that are connected, and who of those that come may stay. */
class ConnectionTable {
  readonly #options: SocketServerOptions;
  readonly #limits: SocketServerLimits;
  readonly #connections = new Map<Socket, Connection>();
  readonly #admission: Admission<Socket>;
  readonly #turnedAway: Tally<ConnectionRefusal | 'displaced'>;
  readonly #mailboxFailures: Tally<'times', unknown>;
  readonly #refused = new Set<Socket>();
  readonly #budget: MemoryBudget;
  #onEmpty: (() => void) | undefined;

  constructor(options: SocketServerOptions, limits: SocketServerLimits) {
    this.#options = options;
    this.#limits = limits;
    this.#budget = options.budget ?? new MemoryBudget(defaultMemoryBytesMax);
    this.#admission = new Admission(limits, {
      hasSession: (socket) => this.#connections.get(socket)?.hasSession === true,
      displace: (socket) => this.#displace(socket),
    });
    const { logger } = options;
    this.#turnedAway = new Tally((counts) =>
      logger.warn({ transport: 'socket', connections: this.size, ...counts }, turnedAway),
    );
    this.#mailboxFailures = new Tally((counts, error) =>
      logger.error({ err: error, ...counts }, 'a mailbox could not be read'),
    );
  }

  get size(): number {
    return this.#connections.size;
  }

  admit(socket: Socket): void {
    const address = networkOf(socket.remoteAddress ?? '');
    const refusal = this.#admission.enter(address, socket);
    if (refusal !== undefined) {
      this.#refuse(socket, refusal);
      return;
    }
    // To end a connection takes time that whoever needs the room must not spend.
    const account = this.#budget.open(address, () => {
      setImmediate(() => this.#connections.get(socket)?.destroy(neededByOthers));
    });
    if (account.take(connectionBytes)) {
      this.#accept(socket, address, account);
    } else {
      account.close();
      this.#admission.leave(address, socket);
      this.#refuse(socket, 'memoryFull');
    }
  }

  /** Resolves when nobody is connected. For one caller. */
  whenEmpty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Tells the log what it was not yet told. */
  flushLog(): void {
    this.#turnedAway.flush();
    this.#mailboxFailures.flush();
  }

  stopAll(): void {
    for (const connection of this.#connections.values()) connection.stop();
    for (const socket of this.#refused) socket.destroy();
  }

  /** Drops who does not read, or says nothing. One timer for all: each of its own would weigh more. */
  dropSilent(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) connection.dropIfSilent(now);
  }

  destroyAll(): void {
    for (const connection of this.#connections.values()) connection.destroy('the server stops');
  }

  #accept(socket: Socket, address: string, account: MemoryAccount): void {
    const { service, logger } = this.#options;
    const connection = new Connection({
      socket,
      address,
      service,
      logger,
      limits: this.#limits,
      onMailboxFailed: (error) => this.#mailboxFailures.add('times', error),
      account,
    });
    socket.on('close', () => {
      this.#connections.delete(socket);
      this.#admission.leave(address, socket);
      if (this.size === 0) this.#onEmpty?.();
    });
    this.#connections.set(socket, connection);
  }

  #displace(socket: Socket): void {
    this.#turnedAway.add('displaced');
    this.#connections.get(socket)?.destroy('another address has its place');
  }

  #refuse(socket: Socket, reason: ConnectionRefusal): void {
    this.#turnedAway.add(reason);
    logRefusal(this.#options.logger, 'socket', socket, reason);
    if (this.#refused.size >= this.#limits.refusalsMax) {
      const [oldest] = this.#refused as Set<Socket> & [Socket];
      oldest.destroy();
      this.#refused.delete(oldest);
    }
    this.#refused.add(socket);
    socket.on('close', () => this.#refused.delete(socket));
    refuseBusy(socket);
  }
}

/** Why a connection is refused. */
type ConnectionRefusal = AdmissionRefusal | 'memoryFull';

const neededByOthers = 'others need the memory that it holds';

const turnedAway =
  'connections are refused, or closed for those of other addresses: the server, or one address, has as many as it may';
