import { join } from 'node:path';
import type { Chat } from '@tandem/chat';
import type { Cluster } from '@tandem/chat/postgres';
import type { TransportName } from '@tandem/core';
import { type ConnectionGate, type MemoryBudget, Tally } from '@tandem/core/server';
import {
  type AuditEntry,
  AuditLog,
  type BanList,
  Bans,
  type CommandTargets,
  connectionGate,
  OperationMeter,
  type OperatorServer,
  type OperatorServerOptions,
  type ServiceView,
  type SharedBans,
  StoreTimes,
  startOperatorPort,
  startOperatorSocket,
} from '@tandem/operator';
import type { ServerTls } from '@tandem/tls/server';
import type { Logger } from 'pino';
import { othersMayUse } from '../../file-access.ts';
import { refuse } from '../../refuse.ts';
import { readSecret } from '../../secret-file.ts';
import { printable } from '../../terminal/printable.ts';
import { logLevels } from '../options/serve-command.ts';
import type { ServeOptions } from '../options/serve-options.ts';
import { explainListenError } from './listen-error.ts';
import type { RunningServer } from './running-server.ts';

/** The figures of a server for its operator, and its socket and port for commands. */
export class Operator implements ServiceView {
  readonly meters = { socket: new OperationMeter(), grpc: new OperationMeter() };
  readonly storeTimes = new StoreTimes();
  readonly budget: MemoryBudget;
  service: Chat | undefined;
  cluster: Cluster | undefined;
  servers: readonly RunningServer[] = [];
  storeFailures = 0;
  tls: ServerTls | undefined;
  state: 'starting' | 'serving' | 'stopping' = 'starting';
  readonly #options: ServeOptions;
  readonly #logger: Logger;
  readonly #openFilesMax: number;
  readonly #ways: OperatorServer[] = [];
  readonly #wrongTokens: Tally<'times'>;
  #registry: ReturnType<OperatorServerOptions['registry']> | undefined;
  #bans = Bans.open();

  constructor(options: ServeOptions, logger: Logger, budget: MemoryBudget, openFilesMax: number) {
    this.#options = options;
    this.#logger = logger;
    this.budget = budget;
    this.#openFilesMax = openFilesMax;
    this.#wrongTokens = new Tally((counts) =>
      logger.warn(counts, 'commands came with a wrong token'),
    );
  }

  get ready(): boolean {
    return this.#stateNow() === 'serving';
  }

  /** Tells if a user may not log in. */
  readonly isBanned = (username: string): boolean => this.#bans.hasName(username);

  /** Counts each operation of a transport; undefined where nobody asks for figures. */
  meterOf(transport: TransportName): OperationMeter | undefined {
    return this.#options.adminPort === undefined ? undefined : this.meters[transport];
  }

  /** Opens the port, from which on it is seen that the server starts. Ends the process when it cannot. */
  async openPort(token: string | undefined): Promise<void> {
    const { adminPort: port, adminTokenFile } = this.#options;
    if (port === undefined) return;
    if (adminTokenFile !== undefined && othersMayUse(adminTokenFile)) {
      this.#logger.warn(
        { file: adminTokenFile },
        'others may use the file of the token: chmod 600',
      );
    }
    // From now on, so that the first who asks is told of the start, too.
    await this.#loadRegistry();
    const way = await startOperatorPort(port, { ...this.#wayOptions(), token }).catch(
      (error: unknown) =>
        refuse(explainListenError(error, { transport: 'admin', host: '127.0.0.1', port })),
    );
    this.#ways.push(way);
    this.#logger.info({ host: '127.0.0.1', port: way.port }, 'serving the operator');
  }

  /** Takes who is banned at all servers that share the bans, and closes the connections of new networks. */
  readonly onBans = (list: BanList): void => {
    for (const network of this.#bans.replace(list)) this.#closeNetwork(network);
  };

  /** Shares the bans of several servers. */
  shareBans(shared: SharedBans): void {
    this.#bans = Bans.shared(shared);
  }

  /** Reads who is banned; the data directory is held. Ends the process when that cannot be. */
  async openBans(): Promise<void> {
    const { store, dataDir } = this.#options;
    if (store !== 'sqlite') return;
    try {
      this.#bans = Bans.open(join(dataDir, 'bans.json'));
    } catch (error) {
      await this.service?.close();
      const reason = printable((error as Error).message);
      refuse(`The list of bans is not valid: ${reason}. Correct it, or delete it.`);
    }
  }

  /** Returns the gate of all transports. */
  gate(): ConnectionGate {
    return connectionGate(this.#bans, this.#options.newConnectionsPerAddress);
  }

  /** Opens the socket in the data directory. Without it the server serves all the same, and says so. */
  async openSocket(): Promise<void> {
    const { store, dataDir } = this.#options;
    if (store !== 'sqlite') return;
    try {
      this.#ways.push(await startOperatorSocket(join(dataDir, 'admin.sock'), this.#wayOptions()));
    } catch (error) {
      this.#logger.warn({ err: error }, 'tandem admin has no socket in the data directory');
    }
  }

  /** Takes no more commands and closes the ports. */
  async close(): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.stop()));
    this.#wrongTokens.flush();
  }

  #stateNow(): ReturnType<OperatorServerOptions['state']> {
    const away = this.state === 'serving' && this.service?.available !== true;
    return away ? 'without database' : this.state;
  }

  #wayOptions(): OperatorServerOptions {
    return {
      registry: () => this.#loadRegistry(),
      state: () => this.#stateNow(),
      targets: () => this.#targets(),
      audit: this.#auditLog(),
      onWrongToken: () => this.#wrongTokens.add('times'),
      onFault: (error) =>
        this.#logger.error({ err: error }, 'the access of the operator has a fault'),
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
    const path = store !== 'sqlite' ? undefined : join(dataDir, 'audit.log');
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
      cluster: this.cluster,
      closeNetwork: (network) => this.#closeNetwork(network),
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

  #closeNetwork(network: string): number {
    return this.servers.reduce((sum, server) => sum + server.closeNetwork(network, banned), 0);
  }

  #stats(service: Chat): Readonly<Record<string, unknown>> {
    return {
      state: this.#stateNow(),
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
      ...(this.tls === undefined ? {} : { tls: tlsStats(this.tls) }),
      connectionMemoryBytes: this.budget.bytes,
      memoryBytes: process.memoryUsage.rss(),
      logLevel: this.#logger.level,
    };
  }
}

/**
 * Returns the token of the operator's port; undefined for a port without, or for none. Ends the process when
 * there is no such token.
 */
export function readToken({
  adminPort,
  adminTokenFile: path,
}: Pick<ServeOptions, 'adminPort' | 'adminTokenFile'>): string | undefined {
  if (adminPort === undefined || path === undefined) return undefined;
  const token = readSecret(path);
  if (tokenForm.test(token)) return token;
  return refuse(
    `The token in ${path} is not valid: it needs ${tokenCharsMin} or more letters, digits and signs of ASCII, without spaces.`,
  );
}

function tlsStats({ handshakes, credentials, lastReload }: ServerTls): object {
  const { agreed, failed } = totalsOf(Object.values(handshakes));
  return {
    handshakes: agreed,
    failedHandshakes: failed,
    certificateValidUntil: credentials.certificate.validToDate.toISOString(),
    lastReload: lastReload.succeeded ? 'done' : 'failed',
  };
}

function totalsOf(handshakes: readonly ServerTls['handshakes']['socket'][]) {
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  return {
    agreed: sum(handshakes.flatMap(({ agreed }) => agreed.map(({ count }) => count))),
    failed: sum(handshakes.flatMap(({ failed }) => Object.values(failed))),
  };
}

const banned = 'the operator has banned its address';
const tokenCharsMin = 16;
// What a header of HTTP carries as it is.
const tokenForm = new RegExp(`^[\\x21-\\x7e]{${tokenCharsMin},}$`);
