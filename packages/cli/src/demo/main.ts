// `tandem demo`: both transports, on one chat service in memory.
import { ChatService, MemoryStore } from '@tandem/chat';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import pino from 'pino';
import { watchBytes } from './byte-watch.ts';
import type { DemoCommandOptions } from './demo-command.ts';
import { loadPart } from './load-part.ts';
import { playDemo } from './play.ts';

/** Plays the demonstration to its end. */
export async function demo({ mode, hex, nodes }: DemoCommandOptions): Promise<void> {
  if (nodes !== undefined) {
    const { demoNodes } = await loadPart(import('./nodes.ts'));
    return demoNodes(nodes, mode);
  }
  // Whoever reads, `head` say, may have seen enough. A failed output ends with a code of its own.
  process.stdout.on('error', () => process.exit());
  const logger = pino({ level: 'silent' });
  const service = await ChatService.open({ store: new MemoryStore() });
  const place = { service, logger, host: '127.0.0.1', port: 0 };
  const servers = await Promise.all([startSocketServer(place), startGrpcServer(place)]);
  const [sockets, grpc] = servers;
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  await playDemo({
    sockets,
    grpc,
    connectSockets: ({ host, port }) => connectSocketClient({ host, port }),
    connectGrpc: ({ host, port }) => connectGrpcClient({ host, port, mode }),
    output: process.stdout,
    color,
    ...(hex && {
      bytes: {
        sockets: await watchBytes('framed', color),
        grpc: await watchBytes(`grpc-${mode}`, color),
      },
    }),
  });
  await Promise.all(servers.map((server) => server.stop()));
  await service.close();
}
