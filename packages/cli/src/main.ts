#!/usr/bin/env node
// The `tandem` command. This file puts the parts together, and nothing else does.
import { networkInterfaces } from 'node:os';
import {
  backUpStore,
  ChatService,
  MemoryStore,
  restoreStore,
  SqliteStore,
  type Store,
} from '@tandem/chat';
import { connectGrpcClient } from '@tandem/grpc-client';
import { type GrpcServer, startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { type SocketServer, startSocketServer } from '@tandem/socket-server';
import { Command } from 'commander';
import pino, { type Logger } from 'pino';
import { announce, hostAndPort, type Served } from './announcement.ts';
import { runChat } from './chat.ts';
import { type ChatCommandOptions, chatCommand } from './chat-command.ts';
import { backupCommand, type CopyCommandOptions, restoreCommand } from './copy-command.ts';
import { playDemo } from './demo/play.ts';
import { type DemoCommandOptions, demoCommand } from './demo-command.ts';
import { exitCode } from './exit-code.ts';
import { explainListenError } from './listen-error.ts';
import { createLogger } from './logging.ts';
import { copyProgress, everySecond, formatBytes } from './progress.ts';
import { type ServeOptions, serveCommand } from './serve-command.ts';
import { signalExitCode, stopSignal } from './stop-signal.ts';
import { explainStoreError } from './store-error.ts';
import { StoreLog } from './store-log.ts';
import { exitCodeOf } from './terminal/chat-console.ts';

const program = new Command('tandem')
  .description('A chat service: a server, and a client for the terminal.')
  .version('0.1.0')
  .addCommand(serveCommand(serve))
  .addCommand(chatCommand(chat))
  .addCommand(demoCommand(demo))
  .addCommand(backupCommand((options) => copy(backUpStore, options, 'backed up to')))
  .addCommand(restoreCommand((options) => copy(restoreStore, options, 'restored from')))
  .addHelpText('after', '\nEvery option can be set by the environment variable beside it, too.');

for (const command of [program, ...program.commands]) command.showHelpAfterError('Try --help.');
await program.parseAsync();

async function serve(options: ServeOptions): Promise<void> {
  const logger = createLogger({ ...options, output: process.stderr });
  const stopping = stopSignal(process, (exitCode) => process.exit(exitCode));
  const storeEnd = Promise.withResolvers<unknown>();
  const service = await openService(options, logger, storeEnd.resolve);
  const servers = await startServers(options, service, logger);
  // What it prints is for whoever started it; a server goes on when nobody reads it any more.
  process.stdout.on('error', () => {});
  const dataDirectory = options.store === 'sqlite' ? options.dataDir : undefined;
  process.stdout.write(announce(servers, networkInterfaces(), dataDirectory));
  for (const { transport, host, port } of servers) {
    logger.info({ transport, host, port, store: options.store }, 'serving');
  }

  let code = 0;
  const storeFailed = storeEnd.promise.then((error) => {
    logger.fatal({ err: error }, 'the store has failed');
    // While it stops for another reason, too.
    code = exitCode.storeFailed;
    return 'store failure' as const;
  });
  const reason = await Promise.race([stopping, storeFailed]);
  const connections = servers.reduce((sum, server) => sum + server.connectionCount, 0);
  logger.info({ reason, connections }, 'stopping');
  await Promise.all(servers.map((server) => server.stop()));
  await service.close();
  logger.info('stopped');
  process.exit(code);
}

/** Opens the chat on what is kept; leaves with a word when that cannot be. */
async function openService(
  options: ServeOptions,
  logger: Logger,
  onStoreEnd: (error: unknown) => void,
): Promise<ChatService> {
  const log = new StoreLog(logger);
  const begin = performance.now();
  try {
    const store = openStore(options, logger, log, onStoreEnd);
    const service = await ChatService.open({
      store,
      limits: options,
      onStoreError: (error) => log.refused(error),
    });
    if (options.store === 'sqlite') {
      const ms = Math.round(performance.now() - begin);
      logger.info({ directory: options.dataDir, accounts: service.accountCount, ms }, 'opened');
    }
    return service;
  } catch (error) {
    return fail(explainStoreError(error) ?? String(error));
  }
}

function openStore(
  options: ServeOptions,
  logger: Logger,
  log: StoreLog,
  onStoreEnd: (error: unknown) => void,
): Store {
  if (options.store === 'memory') return new MemoryStore();
  return SqliteStore.open({
    directory: options.dataDir,
    purpose: 'tandem serve',
    dataBytesMax: options.dataBytesMax,
    onProgress: everySecond((accounts) => logger.info({ accounts }, 'loading')),
    onRecovery: () => log.recovered(),
    onFatal: onStoreEnd,
  });
}

type RunningServer = Served & Pick<SocketServer, 'connectionCount' | 'stop'>;

/** Starts a server for each transport that was asked for; leaves with a word when one cannot listen. */
async function startServers(
  options: ServeOptions,
  service: ChatService,
  logger: Logger,
): Promise<RunningServer[]> {
  const { host, socketPort, grpcPort } = options;
  const limits = connectionLimits(options);
  const start = {
    socket: () => startSocketServer({ service, logger, limits, host, port: socketPort }),
    grpc: () => {
      const grpcLimits = { ...limits, ...callLimits(options) };
      return startGrpcServer({ service, logger, limits: grpcLimits, host, port: grpcPort });
    },
  };
  const wanted = options.transport === 'all' ? (['socket', 'grpc'] as const) : [options.transport];
  const servers: RunningServer[] = [];
  for (const transport of wanted) {
    const port = transport === 'socket' ? socketPort : grpcPort;
    const server = await start[transport]().catch(async (error: unknown) => {
      await service.close();
      return fail(explainListenError(error, { transport, host, port }));
    });
    servers.push(named(transport, server));
  }
  return servers;
}

function named(transport: Served['transport'], server: SocketServer | GrpcServer): RunningServer {
  return {
    transport,
    host: server.host,
    port: server.port,
    get connectionCount() {
      return server.connectionCount;
    },
    stop: () => server.stop(),
  };
}

function connectionLimits(options: ServeOptions) {
  return {
    connectionsMax: options.connectionsMax,
    connectionsPerAddressMax: options.connectionsPerAddressMax ?? Number.POSITIVE_INFINITY,
    idleBeforeLoginMs: options.idleBeforeLogin * 1000,
    drainTimeoutMs: options.drainTimeout * 1000,
    keepAliveMs: options.keepAlive * 1000,
    stopGraceMs: options.stopGrace * 1000,
  };
}

function callLimits(options: ServeOptions) {
  return {
    streamsPerConnectionMax: options.grpcCallsMax,
    responseBytesWaitingMax: options.grpcResponseBytesMax,
    responseBytesWaitingPerConnectionMax: options.grpcConnectionBytesMax,
  };
}

async function chat({ transport, mode, host, port }: ChatCommandOptions): Promise<void> {
  const exitCode = await runChat({
    connect: () =>
      transport === 'socket'
        ? connectSocketClient({ host, port })
        : connectGrpcClient({ host, port, mode }),
    serverName: `${hostAndPort(host, port)} over ${transport === 'socket' ? 'sockets' : 'gRPC'}`,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

async function demo({ mode }: DemoCommandOptions): Promise<void> {
  // Whoever reads, `head` say, may have seen enough.
  process.stdout.on('error', () => process.exit(exitCodeOf.brokenPipe));
  const logger = pino({ level: 'silent' });
  const service = await ChatService.open({ store: new MemoryStore() });
  const place = { service, logger, host: '127.0.0.1', port: 0 };
  const servers = await Promise.all([startSocketServer(place), startGrpcServer(place)]);
  const [sockets, grpc] = servers;
  await playDemo({
    sockets,
    grpc,
    connectSockets: ({ host, port }) => connectSocketClient({ host, port }),
    connectGrpc: ({ host, port }) => connectGrpcClient({ host, port, mode }),
    output: process.stdout,
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
  await Promise.all(servers.map((server) => server.stop()));
  await service.close();
}

/** Makes or takes back a backup, and says what is in it. */
async function copy(
  run: typeof backUpStore,
  { file, dataDir, force }: CopyCommandOptions,
  outcome: string,
): Promise<void> {
  const aborting = new AbortController();
  void stopSignal(process, (code) => process.exit(code)).then((signal) => aborting.abort(signal));
  const { signal } = aborting;
  const onProgress = everySecond((copiedBytes: number, totalBytes: number) => {
    process.stderr.write(`${copyProgress(copiedBytes, totalBytes)}\n`);
  });
  try {
    const done = await run({ directory: dataDir, file, force, onProgress, signal });
    const { accounts, messages, bytes } = done;
    process.stdout.write(
      `${accounts} accounts and ${messages} messages ${outcome} ${file} (${formatBytes(bytes)})\n`,
    );
    process.exit(0);
  } catch (error) {
    if (signal.aborted) process.exit(signalExitCode(signal.reason));
    fail(explainStoreError(error) ?? String(error));
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode.refused);
}
