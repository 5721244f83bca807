import { join } from 'node:path';
import type { ChatService } from '@tandem/chat';
import type { ConnectionGate, MemoryBudget } from '@tandem/core';
import {
  type AuditEntry,
  AuditLog,
  Bans,
  type CommandTargets,
  connectionGate,
  OperationMeter,
  type OperatorServer,
  type OperatorServerOptions,
  type ServiceView,
  StoreTimes,
  startOperatorPort,
  startOperatorSocket,
} from '@tandem/operator';
import type { Logger } from 'pino';
import { refuse } from '../refuse.ts';
import { readSecret } from '../secret-file.ts';
import { explainListenError } from './listen-error.ts';
import type { RunningServer } from './running-server.ts';
import { logLevels, type ServeOptions } from './serve-command.ts';

/** The figures of a server for its operator, and its socket and port for commands. */
export class Operator implements ServiceView {
  readonly meters = { socket: new OperationMeter(), grpc: new OperationMeter() };
  readonly storeTimes = new StoreTimes();
  readonly budget: MemoryBudget;
  service: ChatService | undefined;
  servers: readonly RunningServer[] = [];
  storeFailures = 0;
  state: 'starting' | 'serving' | 'stopping' = 'starting';
  readonly #options: ServeOptions;
  readonly #logger: Logger;
  readonly #openFilesMax: number;
  readonly #ways: OperatorServer[] = [];
  #registry: ReturnType<OperatorServerOptions['registry']> | undefined;
  #bans = Bans.open();

  constructor(options: ServeOptions, logger: Logger, budget: MemoryBudget, openFilesMax: number) {
    this.#options = options;
    this.#logger = logger;
    this.budget = budget;
    this.#openFilesMax = openFilesMax;
  }

  get ready(): boolean {
    return this.state === 'serving';
  }

  /** Tells if a user may not log in. */
  readonly isBanned = (username: string): boolean => this.#bans.hasName(username);

  /** Counts each operation of a transport; undefined where nobody asks for figures. */
  meterOf(transport: 'socket' | 'grpc'): OperationMeter | undefined {
    return this.#options.adminPort === undefined ? undefined : this.meters[transport];
  }

  /** Opens the port, from which on it is seen that the server starts. Ends the process when it cannot. */
  async openPort(): Promise<void> {
    const { adminPort: port } = this.#options;
    if (port === undefined) return;
    // From now on, so that the first who asks is told of the start, too.
    await this.#loadRegistry();
    const way = await startOperatorPort(port, this.#wayOptions()).catch((error: unknown) =>
      refuse(explainListenError(error, { transport: 'admin', host: '127.0.0.1', port })),
    );
    this.#ways.push(way);
    this.#logger.info({ host: '127.0.0.1', port: way.port }, 'serving the operator');
  }

  /** Reads who is banned; the data directory is held. Ends the process when that cannot be. */
  openBans(): void {
    const { store, dataDir } = this.#options;
    if (store === 'memory') return;
    try {
      this.#bans = Bans.open(join(dataDir, 'bans.json'));
    } catch (error) {
      refuse(`The list of bans is of no use: ${(error as Error).message}. Mend it, or delete it.`);
    }
  }

  /** Returns the gate of all transports. */
  gate(): ConnectionGate {
    return connectionGate(this.#bans, this.#options.newConnectionsPerAddress);
  }

  /** Opens the socket in the data directory. Without it the server serves all the same, and says so. */
  async openSocket(): Promise<void> {
    const { store, dataDir } = this.#options;
    if (store === 'memory') return;
    try {
      this.#ways.push(await startOperatorSocket(join(dataDir, 'admin.sock'), this.#wayOptions()));
    } catch (error) {
      this.#logger.warn({ err: error }, 'tandem admin has no socket in the data directory');
    }
  }

  /** Takes no more commands, and answers nobody any more. */
  async close(): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.stop()));
  }

  #wayOptions(): OperatorServerOptions {
    const { adminTokenFile } = this.#options;
    return {
      registry: () => this.#loadRegistry(),
      state: () => this.state,
      targets: () => this.#targets(),
      audit: this.#auditLog(),
      token: adminTokenFile === undefined ? undefined : readToken(adminTokenFile),
      onFault: (error) => this.#logger.error({ err: error }, 'the operator could not be answered'),
    };
  }

  #loadRegistry() {
    this.#registry ??= import('@tandem/operator/metrics').then(({ newRegistry }) =>
      newRegistry(this, this.#openFilesMax),
    );
    return this.#registry;
  }

  #auditLog(): AuditLog {
    const { store, dataDir } = this.#options;
    const path = store === 'memory' ? undefined : join(dataDir, 'audit.log');
    const tell = (entry: AuditEntry) => this.#logger.info(entry, 'operator command');
    return new AuditLog(path, tell);
  }

  #targets(): CommandTargets | undefined {
    const { service } = this;
    if (service === undefined || this.state === 'starting') return undefined;
    const logger = this.#logger;
    return {
      administration: service.administration,
      bans: this.#bans,
      closeNetwork: (network) =>
        this.servers.reduce((sum, server) => sum + server.closeNetwork(network, banned), 0),
      stats: () => this.#stats(service),
      logLevels,
      get logLevel() {
        return logger.level;
      },
      set logLevel(level) {
        logger.level = level;
      },
    };
  }

  #stats(service: ChatService): Readonly<Record<string, unknown>> {
    return {
      state: this.state,
      uptimeSeconds: Math.round(process.uptime()),
      accounts: service.accountCount,
      ...service.administration.countSessions(),
      connections: Object.fromEntries(
        this.servers.map(({ transport, connectionCount }) => [transport, connectionCount]),
      ),
      messages: { ...service.messageCounts },
      refusedConnections: Object.fromEntries(
        this.servers.map(({ transport, refusals }) => [transport, { ...refusals }]),
      ),
      refusedOperations: { ...service.usage.refusals },
      refusedWrites: this.storeFailures,
      connectionMemoryBytes: this.budget.bytes,
      memoryBytes: process.memoryUsage.rss(),
      logLevel: this.#logger.level,
    };
  }
}

const banned = 'the operator has banned its address';
const tokenCharsMin = 16;

function readToken(path: string): string {
  const token = readSecret(path);
  if (token.length >= tokenCharsMin) return token;
  return refuse(`The token in ${path} is too short: it needs ${tokenCharsMin} characters.`);
}
