// `tandem serve`. Transports, the writer of logs for people and a node are loaded where they are wanted.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { type Chat, ChatService, MemoryStore, SqliteStore, type Store } from '@tandem/chat';
import { openFilesMax, stopOnSignals } from '@tandem/command';
import { isLoopback, plainAddress } from '@tandem/core';
import { MemoryBudget } from '@tandem/core/server';
import { secretsAreSupported } from '@tandem/identity';
import type { Logger } from 'pino';
import { othersMayWrite } from '../file-access.ts';
import { checkProgress, everySecond } from '../progress.ts';
import { exitCode, refuse } from '../refuse.ts';
import { explainStoreError } from '../store-error.ts';
import { closeDebugger } from './debugger.ts';
import { createLog } from './log/logging.ts';
import { logFaults, logWarnings } from './log/runtime-log.ts';
import { StoreLog } from './log/store-log.ts';
import { tellSupervisor } from './log/supervisor.ts';
import { lowerHelperThreads } from './memory/helper-threads.ts';
import { MemoryRelease } from './memory/memory-release.ts';
import { MemoryWatch } from './memory/memory-watch.ts';
import { openTls } from './options/certificate.ts';
import { type ConnectionRoom, roomForConnections } from './options/descriptors.ts';
import { connectionsAreKnownByDefault, serviceSettings } from './options/limits.ts';
import type { ServeOptions } from './options/serve-options.ts';
import { announce, knownInterfaces } from './servers/announcement.ts';
import { explainListenError } from './servers/listen-error.ts';
import { Operator, readToken } from './servers/operator.ts';
import { named, type RunningServer, type Shared } from './servers/running-server.ts';
import { loadTransports, type Transport, transportsOf } from './servers/transports.ts';

/**
 * Serves until it is told to stop, or the store fails; then ends the process.
 *
 * @param warnings sentences for the log
 */
export async function serve(asked: ServeOptions, warnings: readonly string[]): Promise<void> {
  // V8 makes objects old from the beginning where those before them lived long, as while a server has just
  // started. What they refer to would stay until the old generation is collected.
  setFlagsFromString('--no-allocation-site-pretenuring');
  lowerHelperThreads();
  closeDebugger();
  // Until a pipe has said all, a signal ends the process at once.
  const token = readToken(asked);
  const stop = stopOnSignals().signal;
  const stopping = once(stop, 'abort').then(() => String(stop.reason));
  const { logger, close: closeLog } = await createLog({ ...asked, output: process.stderr });
  process.on('exit', closeLog);
  logWarnings(process, logger);
  logFaults(process, logger, () => process.exit(exitCode.fault));
  for (const warning of warnings) logger.warn(warning);
  if (asked.config !== undefined && othersMayWrite(asked.config)) {
    logger.warn({ file: asked.config }, 'other users may change the configuration: chmod go-w');
  }
  if (asked.withoutEffect.length > 0) {
    const { store, transport, tls, tlsClient, adminPort = 'none', withoutEffect } = asked;
    logger.warn(
      { options: withoutEffect, store, transport, tls, tlsClient, adminPort },
      'these options have no effect',
    );
  }
  const openFiles = openFilesMax();
  const room = roomFor(asked, openFiles);
  const options = { ...asked, ...room };
  const tls = await openTls(options, logger);
  const storeEnd = Promise.withResolvers<unknown>();
  const drain = Promise.withResolvers<void>();
  // Before anything is opened: what cannot be loaded leaves nothing behind.
  const starts = await loadTransports(options);
  const storeLog = new StoreLog(logger);
  const budget = new MemoryBudget(options.memoryMax);
  const operator = new Operator(options, logger, budget, openFiles);
  operator.tls = tls;
  await operator.openPort(token);
  const service = await openService(
    options,
    logger,
    { storeLog, operator, onStoreEnd: storeEnd.resolve, onDrain: drain.resolve },
    stop,
  );
  operator.service = service;
  await operator.openBans();
  const shared = { service, logger, budget, gate: operator.gate(), tls };
  const servers = await startServers(starts, options, shared, operator);
  operator.servers = servers;
  new MemoryWatch(budget, logger).start();
  if (tls === undefined && !isLoopback(options.host)) {
    logger.warn({ host: options.host }, notEncrypted);
  }
  // Before it is announced: whoever reads where to connect may run `tandem admin` at once.
  await operator.openSocket();
  process.stdout.on('error', (error) =>
    logger.warn({ err: error }, 'the addresses could not be printed'),
  );
  process.stdout.write(announce(servers, knownInterfaces(), keptIn(options), tls));
  operator.state = 'serving';
  for (const { transport, address, port } of servers) {
    logger.info({ transport, host: plainAddress(address), port, store: options.store }, 'serving');
  }
  if (connectionsAreKnownByDefault(options)) logger.info(knownByConnection);
  if (room.connectionsMax < asked.connectionsMax) {
    // Less than a default is no surprise to anybody.
    const level = asked.connectionsMaxSaid ? 'warn' : 'info';
    logger[level](
      { openFiles, asked: asked.connectionsMax, connectionsMax: room.connectionsMax },
      'each transport takes fewer connections than --connections-max: the operating system allows too few open files (ulimit -n)',
    );
  }

  void tellSupervisor('ready', logger);
  // It loads a library, for which no client is to wait.
  new MemoryRelease(() => budget.bytes).start();

  let code = 0;
  const storeFailed = storeEnd.promise.then((error) => {
    logger.fatal({ err: error }, 'the store has failed');
    // While it stops for another reason, too.
    code = exitCode.storeFailed;
    return 'store failure' as const;
  });
  const drained = drain.promise.then(() => 'drain' as const);
  const reason = await Promise.race([stopping, storeFailed, drained]);
  const connections = servers.reduce((sum, server) => sum + server.connectionCount, 0);
  operator.state = 'stopping';
  const supervisorTold = tellSupervisor('stopping', logger);
  logger.info({ reason, connections }, 'stopping');
  await Promise.all(servers.map((server) => server.stop()));
  await operator.close();
  await service.close();
  storeLog.flush();
  await supervisorTold;
  logger.info('stopped');
  process.exit(code);
}

/** Returns how many connections there may be; says so and ends the process when that is too few. */
function roomFor(asked: ServeOptions, openFiles: number): ConnectionRoom {
  const room = roomForConnections(asked.connectionsMax, openFiles, transportsOf(asked).length);
  return (
    room ??
    refuse(
      `The operating system allows this process ${openFiles} open files, which is too few to serve anybody. Allow it more (ulimit -n 4096, LimitNOFILE= of systemd).`,
    )
  );
}

/** Those who are told what the store does. */
interface Told {
  readonly storeLog: StoreLog;
  readonly operator: Operator;
  readonly onStoreEnd: (error: unknown) => void;
  /** Called when an operator asks this node to leave. */
  readonly onDrain: () => void;
}

/** Opens the chat on what is kept; says why and ends the process when that cannot be. */
async function openService(
  options: ServeOptions,
  logger: Logger,
  told: Told,
  signal: AbortSignal,
): Promise<Chat> {
  const begin = performance.now();
  try {
    const shared = {
      ...serviceSettings(options),
      onStoreError: (error: unknown) => {
        told.operator.storeFailures++;
        told.storeLog.refused(error);
      },
    };
    if (options.postgresUrl !== undefined && options.store === 'postgres') {
      const ofNode = {
        ...shared,
        onWritten: () => told.storeLog.recovered(),
        onFatal: told.onStoreEnd,
        onDrain: told.onDrain,
      };
      const { openNode } = await import('./servers/node.ts');
      const node = await openNode(options.postgresUrl, ofNode, logger, told.operator, signal);
      if (!secretsAreSupported) logger.warn(noSecrets);
      return node;
    }
    const store = await openStore(options, logger, told, signal);
    const service = await ChatService.open({
      ...shared,
      store,
      isBanned: told.operator.isBanned,
      signal,
    });
    if (!secretsAreSupported) logger.warn(noSecrets);
    if (options.store === 'sqlite') {
      const ms = Math.round(performance.now() - begin);
      logger.info({ directory: options.dataDir, accounts: service.accountCount, ms }, 'opened');
    }
    return service;
  } catch (error) {
    if (!signal.aborted) return refuse(explainStoreError(error, 'serve') ?? String(error));
    logger.info({ reason: signal.reason }, 'stopped before it served');
    process.exit(0);
  }
}

/** Says where accounts and messages are kept; undefined when they are not. */
function keptIn({ store, dataDir, postgresUrl }: ServeOptions): string | undefined {
  if (store === 'memory') return undefined;
  return store === 'sqlite' ? dataDir : postgresUrl;
}

const notEncrypted =
  'nothing is encrypted, not even secrets: add --tls-cert and --tls-key, or serve on a network that you trust';

const knownByConnection =
  'the server identifies unary gRPC calls without a session token by their connection: behind a proxy on this machine, set --grpc-sessions-by-connection off';

const noSecrets =
  'this Node.js has no Argon2id, so accounts cannot have secrets: it needs version 24.7 or newer';

async function openStore(
  options: ServeOptions,
  logger: Logger,
  { storeLog, operator, onStoreEnd }: Told,
  signal: AbortSignal,
): Promise<Store> {
  if (options.store === 'memory') return new MemoryStore();
  return SqliteStore.open({
    directory: options.dataDir,
    purpose: 'tandem serve',
    dataBytesMax: options.dataBytesMax,
    signal,
    onNotice: (notice) => logger.warn({ directory: options.dataDir }, notice),
    onCheck: everySecond((progress) => logger.info(checkProgress(progress))),
    onProgress: everySecond((accounts) => logger.info({ accounts }, 'loading')),
    onRecovery: () => storeLog.recovered(),
    onTime: operator.storeTimes.record,
    onFatal: onStoreEnd,
  });
}

/** Starts a server for each transport that was asked for; says why and ends the process when one cannot listen. */
async function startServers(
  starts: readonly Transport[],
  options: ServeOptions,
  shared: Shared,
  operator: Operator,
): Promise<RunningServer[]> {
  const { host } = options;
  const ports = { socket: options.socketPort, grpc: options.grpcPort };
  const servers: RunningServer[] = [];
  for (const { transport, start } of starts) {
    const port = ports[transport];
    const trace = operator.meterOf(transport);
    const server = await start({ ...shared, trace, host, port }).catch(async (error: unknown) => {
      await shared.service.close();
      return refuse(explainListenError(error, { transport, host, port }));
    });
    servers.push(named(transport, host, server));
  }
  return servers;
}
