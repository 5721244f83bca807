import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** Opens a server that takes connections and never answers; it is closed after the test. */
export async function startSilentServer(): Promise<{
  readonly port: number;
  /** Resolves when somebody has connected. */
  readonly connected: Promise<unknown>;
}> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, connected: once(server, 'connection') };
}
