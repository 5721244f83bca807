import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net';
import {
  type ConnectionInjector,
  logVerbosity,
  Server,
  ServerCredentials,
  setLogVerbosity,
} from '@grpc/grpc-js';
import type { Trace } from '@tandem/chat';
import { Tally } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { AnsweredCalls } from './answered.ts';
import { Connections, notReading } from './connections.ts';
import { Converse, type ConverseCall } from './converse.ts';
import { Discovery, serviceName } from './discovery.ts';
import { ForeignStreams } from './foreign-streams.ts';
import { limitMetadata } from './metadata-limit.ts';
import {
  defaultGrpcServerLimits,
  type GrpcServerLimits,
  type GrpcServerOptions,
} from './options.ts';
import { Outlets } from './outlets.ts';
import { shuttingDown } from './refusal.ts';
import { Sessions } from './sessions.ts';
import { type Fault, UnaryService } from './unary-service.ts';

const listenBacklog = 4_096;
const idleSweepMsMax = 1_000;

// Megabytes that HTTP/2 may hold for one connection; beyond them it takes no further calls there.
const sessionMemoryMegabytesMax = 32;

/** A gRPC server that listens. */
export interface GrpcServer {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on, never 0. */
  readonly port: number;
  /** How many clients are connected. */
  readonly connectionCount: number;
  /**
   * Takes no more connections and calls, ends the streams with UNAVAILABLE, and closes when the
   * calls under way are answered. Resolves when all are gone, by force after `stopGraceMs`. May be
   * called again. [P-6.9]
   */
  stop(): Promise<void>;
}

/** Starts a gRPC server; it listens when this resolves. Rejects with Node's error when it cannot. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  // grpc-js writes to standard error what strangers send, control characters included, and as often
  // as they like. It has one switch for the whole process, and an operator's wish comes first.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  const running = new RunningServer(options);
  await running.listen();
  return running;
}

class RunningServer implements GrpcServer {
  readonly #options: GrpcServerOptions;
  readonly #limits: GrpcServerLimits;
  readonly #connections: Connections;
  readonly #sessions = new Sessions();
  readonly #conversations = new Set<Converse>();
  readonly #discovery: Discovery;
  readonly #foreignStreams = new ForeignStreams(serviceName);
  readonly #outlets = new Outlets(serviceName);
  readonly #grpc: Server;
  readonly #injector: ConnectionInjector;
  readonly #tcp: TcpServer;
  readonly #faults: Tally<Fault, unknown>;
  #address: AddressInfo = { address: '', family: '', port: 0 };
  #idleSweep: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultGrpcServerLimits, ...options.limits };
    this.#connections = new Connections(this.#limits, options.logger);
    this.#faults = new Tally((counts, error) =>
      options.logger.error(
        { err: error, ...counts },
        'calls or sessions ended by a fault of the server',
      ),
    );
    const answered = new AnsweredCalls();
    const definition = loadMessageService();
    this.#grpc = new Server({
      ...channelOptions(this.#limits),
      interceptors: [
        limitMetadata(this.#limits.metadataBytesMax),
        this.#foreignStreams.interceptor,
        this.#outlets.interceptor,
        answered.watch(definition.Login.path),
      ],
    });
    this.#grpc.addService(definition, {
      ...this.#unaryService(answered).handlers,
      Converse: (call: ConverseCall) => this.#converse(call),
    });
    this.#discovery = new Discovery(this.#grpc);
    this.#injector = this.#grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.#tcp = this.#createTcpServer();
  }

  get host(): string {
    return this.#address.address;
  }

  get port(): number {
    return this.#address.port;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  listen(): Promise<void> {
    const { host, port, logger } = this.#options;
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen({ host, port, backlog: listenBacklog }, () => {
        this.#tcp.off('error', reject);
        this.#address = this.#tcp.address() as AddressInfo;
        this.#sweepIdle();
        this.#tcp.on('error', (error) => logger.error({ err: error }, 'the gRPC server failed'));
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
    const force = setTimeout(() => this.#connections.destroyAll(), this.#limits.stopGraceMs);
    clearInterval(this.#idleSweep);
    this.#discovery.stop();
    this.#foreignStreams.endAll(shuttingDown);
    this.#sessions.endAll(shuttingDown);
    for (const conversation of this.#conversations) conversation.stop();
    // Tells every client to make no more calls, and closes each connection with its last one.
    this.#grpc.tryShutdown(() => {});
    await closed;
    // Node says that the server is closed before it says so of the last sockets.
    await this.#connections.whenEmpty();
    this.#connections.flushLog();
    this.#faults.flush();
    clearTimeout(force);
  }

  // HTTP/2's own idle time counts calls, and a Converse stream is one, session or not.
  #sweepIdle(): void {
    const { idleBeforeLoginMs } = this.#limits;
    this.#idleSweep = setInterval(
      () => {
        const now = performance.now();
        for (const conversation of this.#conversations)
          conversation.endIfIdle(now, idleBeforeLoginMs);
      },
      Math.min(idleBeforeLoginMs, idleSweepMsMax),
    );
  }

  /** We accept connections ourselves: grpc-js does not say when one ends, nor limits how many come. */
  #createTcpServer(): TcpServer {
    const accept = (socket: Socket) => {
      if (this.#connections.admit(socket)) this.#injector.injectConnection(socket);
    };
    return createServer({ noDelay: true, keepAlive: true }, accept);
  }

  /** Tells of the operations of calls outside any session. */
  #traceOfNobody(): Trace | undefined {
    const { logger } = this.#options;
    if (!logger.isLevelEnabled('trace')) return undefined;
    return (operation) => logger.trace({ transport: 'grpc', ...operation }, 'answered');
  }

  #unaryService(answered: AnsweredCalls): UnaryService {
    return new UnaryService({
      service: this.#options.service,
      limits: this.#limits,
      connections: this.#connections,
      sessions: this.#sessions,
      outlets: this.#outlets,
      answered,
      onFault: (kind, error) => this.#faults.add(kind, error),
      trace: this.#traceOfNobody(),
      isStopping: () => this.#stopped !== undefined,
    });
  }

  #converse(call: ConverseCall): void {
    if (this.#stopped !== undefined) {
      call.emit('error', shuttingDown);
      return;
    }
    const connection = this.#connections.get(call.getPeer());
    const conversation = new Converse({
      call,
      connection,
      outlet: this.#outlets.of(call.metadata),
      service: this.#options.service,
      onFault: (error) => this.#faults.add('streams', error),
      drainTimeoutMs: this.#limits.drainTimeoutMs,
      onStuck: () => connection?.destroy(notReading),
    });
    this.#conversations.add(conversation);
    if (connection !== undefined) connection.streams++;
    call.on('cancelled', () => {
      this.#conversations.delete(conversation);
      if (connection !== undefined) connection.streams--;
    });
  }
}

function channelOptions(limits: GrpcServerLimits): Record<string, number> {
  return {
    // Books that nobody reads here cost every call something.
    'grpc.enable_channelz': 0,
    'grpc.max_concurrent_streams': limits.streamsPerConnectionMax,
    'grpc.max_receive_message_length': limits.requestBytesMax,
    // A peer that is gone without a word is noticed, and its sessions end.
    'grpc.keepalive_time_ms': limits.keepAliveMs,
    'grpc.keepalive_timeout_ms': limits.keepAliveTimeoutMs,
    // Without calls there is no session that lasts. A connection's age has no limit: its end would
    // end sessions.
    'grpc.max_connection_idle_ms': limits.idleBeforeLoginMs,
    'grpc-node.max_session_memory': sessionMemoryMegabytesMax,
  };
}
