#!/usr/bin/env node
// The `tandem` command. This file puts the parts together, and nothing else does.
import { networkInterfaces } from 'node:os';
import { ChatService, MemoryStore } from '@tandem/chat';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { Command } from 'commander';
import { announce, hostAndPort } from './announcement.ts';
import { runChat } from './chat.ts';
import { type ChatCommandOptions, chatCommand } from './chat-command.ts';
import { explainListenError } from './listen-error.ts';
import { createLogger } from './logging.ts';
import { type ServeOptions, serveCommand } from './serve-command.ts';
import { stopSignal } from './stop-signal.ts';

const program = new Command('tandem')
  .description('A chat service: a server, and a client for the terminal.')
  .version('0.1.0')
  .showHelpAfterError('Try --help.')
  .addCommand(serveCommand(serve))
  .addCommand(chatCommand(chat))
  .addHelpText('after', '\nEvery option can be set by the environment variable beside it, too.');

await program.parseAsync();

async function serve(options: ServeOptions): Promise<void> {
  const logger = createLogger({ ...options, output: process.stderr });
  const service = await ChatService.open({
    store: new MemoryStore(),
    limits: options,
    onStoreError: (error) => logger.error({ err: error }, 'the store failed'),
  });
  const stopping = stopSignal(process, (exitCode) => process.exit(exitCode));
  const where = { host: options.host, port: options.socketPort };
  const server = await startSocketServer({
    service,
    ...where,
    logger,
    limits: {
      connectionsMax: options.connectionsMax,
      connectionsPerAddressMax: options.connectionsPerAddressMax ?? Number.POSITIVE_INFINITY,
      idleBeforeLoginMs: options.idleBeforeLogin * 1000,
      drainTimeoutMs: options.drainTimeout * 1000,
      keepAliveMs: options.keepAlive * 1000,
      stopGraceMs: options.stopGrace * 1000,
    },
  }).catch((error: unknown) => fail(explainListenError(error, where)));
  process.stdout.write(announce(server, networkInterfaces()));
  logger.info({ host: server.host, port: server.port, store: options.store }, 'serving');

  const signal = await stopping;
  logger.info({ signal, connections: server.connectionCount }, 'stopping');
  await server.stop();
  await service.close();
  logger.info('stopped');
  process.exit(0);
}

async function chat({ host, port }: ChatCommandOptions): Promise<void> {
  const exitCode = await runChat({
    connect: () => connectSocketClient({ host, port }),
    serverName: `${hostAndPort(host, port)} over sockets`,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
