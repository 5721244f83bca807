import { loadLane } from '../lanes/index.ts';
import type { Lane } from '../lanes/lane.ts';
import { body, names } from './content.ts';
import { dissectConnection } from './dissect.ts';
import { jsonBytes } from './json.ts';
import type { WireEntry, WireLedger } from './ledger.ts';
import { type DissectConnection, Recorder } from './recorder.ts';
import { openPlainRoute, openTlsRoute } from './route.ts';
import { playScript, unlisted } from './script.ts';

/** What is to be measured. */
export interface MeasureWireOptions {
  /** Names of lanes; those on which nothing crosses a wire are left out of the ledger. */
  readonly lanes: readonly string[];
  /** Whether to measure each lane a second time, through TLS. */
  readonly tls: boolean;
  /** Told before each lane how many of how many are done. */
  readonly onProgress?: (progress: WireProgress) => void;
  /** Gives up between two operations when aborted. */
  readonly signal?: AbortSignal;
}

export interface WireProgress {
  readonly lane: string;
  readonly tls: boolean;
  readonly done: number;
  readonly of: number;
}

/**
 * Plays every operation on every lane, each against a fresh server, and says where every byte went.
 *
 * @throws when there is no such lane, when an operation has another outcome than it should, when
 *   bytes are not what their protocol allows, or when `signal` was aborted
 */
export async function measureWire(options: MeasureWireOptions): Promise<WireLedger> {
  const lanes = await Promise.all(options.lanes.map(loadLane));
  const wired = lanes.filter(({ wire }) => wire !== 'none');
  const runs = wired.flatMap((lane) => [
    { lane, tls: false },
    ...(options.tls ? [{ lane, tls: true }] : []),
  ]);
  const entries: WireEntry[] = [];
  for (const [done, { lane, tls }] of runs.entries()) {
    options.onProgress?.({ lane: lane.name, tls, done, of: runs.length });
    entries.push(...(await measureLane(lane, tls, options.signal)));
  }
  return { content: { ...names, body }, entries, json: jsonBytes() };
}

async function measureLane(
  lane: Lane,
  tls: boolean,
  signal: AbortSignal | undefined,
): Promise<WireEntry[]> {
  const server = await lane.startServer?.();
  if (server === undefined) throw new Error(`${lane.name} has no server`);
  try {
    const openRoute = tls ? openTlsRoute : openPlainRoute;
    const route = await openRoute({ host: '127.0.0.1', port: server.port });
    try {
      const dissect: DissectConnection = (tally) =>
        dissectConnection(lane, tally, tls ? route.keyLog : undefined);
      const recorder = new Recorder({ lane: lane.name, route, dissect, signal });
      await playScript(lane, { host: route.host, port: route.port }, recorder);
      return recorder.entries.filter(({ operation }) => operation !== unlisted);
    } finally {
      await route.close();
    }
  } finally {
    await server.close();
  }
}
