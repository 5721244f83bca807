// One server process of the benchmarks, on a free port that it prints. Each line on its standard
// input is answered by the memory that it uses, after a garbage collection.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ChatService, MemoryStore } from '@tandem/chat';
import { startGrpcServer } from '@tandem/grpc-server';
import { loadMessageService, type MessageServiceHandlers } from '@tandem/protos';
import { startSocketServer } from '@tandem/socket-server';
import pino from 'pino';

const host = '127.0.0.1';

const servers = {
  'net-echo': startNetEcho,
  'grpc-echo': startGrpcEcho,
  'tandem-sockets': async () => (await startSocketServer(await parts())).port,
  'tandem-grpc': async () => (await startGrpcServer(await parts())).port,
} as const;

/** A server that a lane runs against. */
export type ServerName = keyof typeof servers;

process.stdout.write(`${await servers[process.argv[2] as ServerName]()}\n`);
createInterface({ input: process.stdin })
  .on('line', () => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ rss, used: heapUsed + external })}\n`);
  })
  // Whoever started this process ends it, by whatever end.
  .on('close', () => process.exit(0));

async function parts() {
  const service = await ChatService.open({ store: new MemoryStore() });
  return { service, host, port: 0, logger: pino({ level: 'silent' }) };
}

function startNetEcho(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('error', () => {});
  });
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
}

/** grpc-js with its default options, answering a search with its query. */
function startGrpcEcho(): Promise<number> {
  const handlers: Pick<MessageServiceHandlers, 'Search'> = {
    Search: (call, callback) => callback(null, { statusCode: 16, results: [call.request.query] }),
  };
  const server = new Server();
  server.addService(loadMessageService(), handlers);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
