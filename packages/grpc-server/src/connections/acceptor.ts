import { createServer, type Socket, type Server as TcpServer } from 'node:net';
import type { ConnectionInjector, Server } from '@grpc/grpc-js';
import { type Scheduler, turnCost } from '@tandem/chat';
import { type Arrival, SecureFront, type ServerTls } from '@tandem/tls/server';
import type { Logger } from 'pino';
import type { GrpcServerLimits } from '../options.ts';
import type { CallGate } from './call-gate.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { createHttp2Server, http2Options, replaceStreamHandler } from './http2-server.ts';

/** The parts that an acceptor joins. */
export interface AcceptorOptions {
  readonly grpc: Server;
  readonly gate: CallGate;
  readonly connections: Connections;
  readonly scheduler: Scheduler;
  readonly limits: GrpcServerLimits;
  /** Undefined without TLS. */
  readonly tls: ServerTls | undefined;
  readonly logger: Logger;
}

/**
 * Accepts TCP connections, agrees on TLS with them where that is on, and gives each to the HTTP/2 of
 * grpc-js in its turn. grpc-js by itself neither limits connections nor tells when one ends.
 */
export class Acceptor {
  /** The server that accepts connections; it does not listen yet. */
  readonly tcp: TcpServer;
  readonly #options: AcceptorOptions;
  readonly #injector: ConnectionInjector;
  readonly #front: SecureFront | undefined;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#injector = injectorOf(options);
    this.#front = frontOf(options);
    this.tcp = createServer(
      {
        noDelay: true,
        keepAlive: true,
        // Paused until HTTP/2 reads it: bytes that come before its turn would be lost.
        pauseOnConnect: true,
        // Node would end our side at once, of however many connections have just ended.
        allowHalfOpen: true,
      },
      (socket) => this.#accept(socket),
    );
  }

  /** Ends what it does by itself. Connections under way go on. */
  close(): void {
    this.#front?.close();
  }

  #accept(socket: Socket): void {
    const connection = this.#options.connections.accept(socket);
    if (connection === undefined) return;
    if (this.#front === undefined) this.#beginInTurn(connection, socket);
    else this.#front.take(this.#arrivalOf(connection));
  }

  #arrivalOf(connection: Connection): Arrival {
    const { socket, address, account, teardown } = connection;
    const { scheduler } = this.#options;
    return {
      socket,
      address,
      account,
      teardown,
      takeTurn: (begin) => scheduler.take(connection, turnCost.handshake, begin),
      ready: (secured) => this.#beginInTurn(connection, secured),
      failed: (reason) => connection.neverBegan(reason),
      flooded: () => connection.calmDown('it floods TLS with records that say nothing'),
    };
  }

  #beginInTurn(connection: Connection, socket: Socket): void {
    connection.begin(socket);
    const { scheduler } = this.#options;
    scheduler.take(connection, turnCost.connection, () => this.#begin(connection));
  }

  #begin(connection: Connection): void {
    if (connection.socket.destroyed) return;
    const { gate, scheduler } = this.#options;
    gate.expect(connection);
    const socket = connection.socketFor(scheduler);
    this.#injector.injectConnection(socket);
    socket.read(0);
  }
}

function injectorOf({ grpc, gate, limits }: AcceptorOptions): ConnectionInjector {
  const { http2Server, injector } = createHttp2Server(grpc, http2Options(limits));
  // Before grpc-js gets the session: calls come to it only by the gate.
  http2Server.prependListener('session', (session) => gate.begin(session));
  gate.open(replaceStreamHandler(http2Server, gate.receive));
  return injector;
}

function frontOf({ tls, limits, logger }: AcceptorOptions): SecureFront | undefined {
  if (tls === undefined) return undefined;
  const { idleBeforeLoginMs } = limits;
  return new SecureFront({
    tls,
    transport: 'grpc',
    log: logger,
    firstByteTimeoutMs: idleBeforeLoginMs,
  });
}
