// One server process of the benchmarks: `echo` or `framed`, on a free port that it prints. Each line
// on its standard input is answered by the memory that it uses, after a garbage collection.
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { ChatService, MemoryStore } from '@tandem/chat';
import pino from 'pino';
import { startSocketServer } from '../src/index.ts';

const port = process.argv[2] === 'echo' ? await startEcho() : await startFramed();
process.stdout.write(`${port}\n`);
createInterface({ input: process.stdin }).on('line', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ rss, used: heapUsed + external })}\n`);
});

async function startEcho(): Promise<number> {
  const server: Server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function startFramed(): Promise<number> {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger });
  return server.port;
}
