import { onTestFinished } from 'vitest';
import type { Lane, LaneClient, Target } from '../src/lanes/lane.ts';

export const host = '127.0.0.1';

/** Starts a lane's server, which is gone after the test. Port 0 for a lane without one. */
export async function serve(lane: Lane): Promise<Target> {
  const server = await lane.startServer?.();
  onTestFinished(() => server?.close());
  return { host, port: server?.port ?? 0 };
}

/** Connects a client, which is closed after the test. */
export async function connect(lane: Lane, target: Target): Promise<LaneClient> {
  const client = await lane.connect(target);
  onTestFinished(() => client.close());
  return client;
}
