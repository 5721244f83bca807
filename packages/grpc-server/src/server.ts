import type { AddressInfo } from 'node:net';
import { logVerbosity, Server, setLogVerbosity } from '@grpc/grpc-js';
import { bothTraces, type Trace } from '@tandem/chat';
import {
  type ConnectionRefusal,
  defaultMemoryBytesMax,
  listen,
  MemoryBudget,
  Tally,
  type TransportServer,
} from '@tandem/core/server';
import { loadMessageService } from '@tandem/protos';
import { CallAllowances } from './calls/call-allowance.ts';
import { onOver } from './calls/call-hooks.ts';
import { loginPaths } from './calls/login-paths.ts';
import { shuttingDown } from './calls/refusal.ts';
import { TurnCount } from './calls/turn-count.ts';
import { DirectWriters } from './calls/writer.ts';
import { Acceptor } from './connections/acceptor.ts';
import { CallGate } from './connections/call-gate.ts';
import { notReading } from './connections/connection.ts';
import { Connections } from './connections/connections.ts';
import { Offenders } from './connections/flood.ts';
import { FloodWatch } from './connections/flood-watch.ts';
import { Converse, type ConverseCall } from './converse/converse.ts';
import { DirectReaders } from './converse/reader.ts';
import { Discovery, serviceName } from './discovery/discovery.ts';
import { ThirdPartyStreams } from './discovery/third-party-streams.ts';
import {
  defaultGrpcServerLimits,
  type GrpcServerLimits,
  type GrpcServerOptions,
} from './options.ts';
import { CompletedCalls } from './unary/completed-calls.ts';
import { serializerOf } from './unary/found-response.ts';
import { type Fault, UnaryService } from './unary/service.ts';
import { Sessions } from './unary/sessions.ts';

const sweepMsMax = 1_000;

/** Starts a gRPC server; it listens when this resolves. Rejects with Node's error when it cannot. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<TransportServer> {
  // grpc-js writes to standard error what strangers send, control characters included, and as often
  // as they like. It has one switch for the whole process, and an operator's wish comes first.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  const running = new RunningServer(options);
  await running.listen();
  return running;
}

class RunningServer implements TransportServer {
  readonly #options: GrpcServerOptions;
  readonly #limits: GrpcServerLimits;
  readonly #allowances: CallAllowances;
  readonly #connections: Connections;
  readonly #sessions: Sessions;
  readonly #conversations = new Set<Converse>();
  readonly #discovery: Discovery;
  readonly #thirdPartyStreams = new ThirdPartyStreams(serviceName);
  readonly #writers = new DirectWriters(serviceName);
  readonly #readers: DirectReaders;
  readonly #grpc: Server;
  readonly #acceptor: Acceptor;
  readonly #faults: Tally<Fault, unknown>;
  #address: AddressInfo = { address: '', family: '', port: 0 };
  #sweep: NodeJS.Timeout | undefined;
  readonly #floodWatch: FloodWatch;
  #stopped: Promise<void> | undefined;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultGrpcServerLimits, ...options.limits };
    this.#sessions = new Sessions(options.sessionsByConnection ?? true);
    const { logger, budget = new MemoryBudget(defaultMemoryBytesMax) } = options;
    this.#allowances = new CallAllowances(this.#limits.streamsPerConnectionMax);
    this.#connections = new Connections({
      limits: this.#limits,
      budget,
      allowances: this.#allowances,
      offenders: new Offenders(),
      parts: new TurnCount(),
      scheduler: options.service.scheduler,
      logger,
      gate: options.gate,
      trace: options.trace,
    });
    this.#floodWatch = new FloodWatch(this.#connections, this.#allowances);
    const gate = new CallGate(this.#limits, options.service.scheduler);
    this.#faults = new Tally((counts, error) =>
      options.logger.error(
        { err: error, ...counts },
        'calls or sessions ended by a fault of the server',
      ),
    );
    const completed = new CompletedCalls();
    const definition = loadMessageService();
    this.#readers = new DirectReaders(definition.Converse.path);
    this.#grpc = new Server({
      ...channelOptions(this.#limits),
      interceptors: [
        gate.interceptor,
        this.#thirdPartyStreams.interceptor,
        this.#writers.interceptor,
        this.#readers.interceptor,
        completed.watch(loginPaths),
      ],
    });
    // If reading threw, grpc-js would end the stream at once, without the responses to earlier requests.
    const asBytes = { ...definition.Converse, requestDeserialize: (bytes: Buffer) => bytes };
    const fromTexts = {
      ...definition.Search,
      responseSerialize: serializerOf(definition.Search.responseSerialize),
    };
    this.#grpc.addService(
      { ...definition, Converse: asBytes, Search: fromTexts },
      {
        ...this.#unaryService(completed).handlers,
        Converse: (call: ConverseCall) => this.#converse(call),
      },
    );
    this.#discovery = new Discovery(this.#grpc, options.discovery);
    this.#acceptor = new Acceptor({
      grpc: this.#grpc,
      gate,
      connections: this.#connections,
      scheduler: options.service.scheduler,
      limits: this.#limits,
      tls: options.tls,
      logger,
    });
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

  get refusals(): Readonly<Record<ConnectionRefusal, number>> {
    return this.#connections.refusals;
  }

  closeNetwork(network: string, reason: string): number {
    return this.#connections.closeNetwork(network, reason);
  }

  async listen(): Promise<void> {
    const { host, port, logger } = this.#options;
    await listen(this.#acceptor.tcp, host, port);
    this.#address = this.#acceptor.tcp.address() as AddressInfo;
    this.#startSweep();
    this.#floodWatch.start();
    this.#acceptor.tcp.on('error', (error) =>
      logger.error({ err: error }, 'the gRPC server failed'),
    );
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#acceptor.tcp.close(() => resolve()));
    const force = setTimeout(() => this.#connections.destroyAll(), this.#limits.stopGraceMs);
    clearInterval(this.#sweep);
    this.#floodWatch.stop();
    this.#discovery.stop();
    this.#thirdPartyStreams.endAll(shuttingDown);
    this.#sessions.endAll(shuttingDown);
    for (const conversation of this.#conversations) conversation.stop();
    for (const connection of this.#connections) connection.stop();
    // Tells clients to make no more calls, and closes each connection after its last call.
    this.#grpc.tryShutdown(() => {});
    await closed;
    // Node closes the server before it tells the end of the last sockets.
    await this.#connections.whenEmpty();
    this.#connections.flushLog();
    this.#acceptor.close();
    this.#faults.flush();
    clearTimeout(force);
  }

  // The idle time of HTTP/2 counts calls, and a Converse stream is a call also without a session.
  #startSweep(): void {
    const { idleBeforeLoginMs } = this.#limits;
    this.#sweep = setInterval(
      () => {
        const now = performance.now();
        for (const conversation of this.#conversations)
          conversation.endIfIdle(now, idleBeforeLoginMs);
        for (const connection of this.#connections) connection.look(now);
      },
      Math.min(idleBeforeLoginMs, this.#limits.messageTimeoutMs, sweepMsMax),
    );
  }

  /** Returns the trace of calls without a session. */
  #traceOfNobody(): Trace | undefined {
    const { logger, trace } = this.#options;
    if (!logger.isLevelEnabled('trace')) return trace;
    return bothTraces(trace, (operation) =>
      logger.trace({ transport: 'grpc', ...operation }, 'answered'),
    );
  }

  #unaryService(completed: CompletedCalls): UnaryService {
    return new UnaryService({
      service: this.#options.service,
      limits: this.#limits,
      connections: this.#connections,
      sessions: this.#sessions,
      writers: this.#writers,
      completed,
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
      reader: this.#readers.of(call.metadata),
      direct: this.#writers.of(call.metadata),
      service: this.#options.service,
      onFault: (error) => this.#faults.add('streams', error),
      drainTimeoutMs: this.#limits.drainTimeoutMs,
      onStuck: () => connection?.destroy(notReading),
      connection,
    });
    this.#conversations.add(conversation);
    if (connection !== undefined) connection.streams++;
    onOver(call, () => {
      this.#conversations.delete(conversation);
      if (connection !== undefined) connection.streams--;
    });
  }
}

function channelOptions(limits: GrpcServerLimits): Record<string, number> {
  return {
    // Statistics that nobody reads cost each call time.
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': limits.requestBytesMax,
    // A client that vanishes is noticed, and its sessions end.
    'grpc.keepalive_time_ms': limits.keepAliveMs,
    'grpc.keepalive_timeout_ms': limits.keepAliveTimeoutMs,
    // Without calls there is no session. The age of a connection has no limit, as its end ends sessions.
    'grpc.max_connection_idle_ms': limits.idleBeforeLoginMs,
  };
}
