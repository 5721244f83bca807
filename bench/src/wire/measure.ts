import { loadLane } from '../lanes/index.ts';
import type { Lane } from '../lanes/lane.ts';
import { body, names } from './content.ts';
import { dissectConnection } from './dissect.ts';
import { jsonBytes } from './json.ts';
import type { WireEntry, WireLedger } from './ledger.ts';
import { type DissectConnection, Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { openPlainRoute, openTlsRoute, type Route } from './route.ts';
import { playScript, unlisted } from './script.ts';
import { makeCredentials, type Place } from './tls/tunnel.ts';

/** The options of a measurement. */
export interface MeasureWireOptions {
  /** Names of lanes that do not encrypt; the ledger leaves out those without a wire. */
  readonly lanes: readonly string[];
  /** True to measure each lane a second time, through TLS. */
  readonly tls: boolean;
  /** Called before each lane with the number of lanes that are done, and of all. */
  readonly onProgress?: (progress: WireProgress) => void;
  /** Ends the measurement between two operations when aborted. */
  readonly signal?: AbortSignal;
}

interface WireProgress {
  readonly lane: string;
  readonly tls: boolean;
  readonly done: number;
  readonly of: number;
}

/**
 * Plays every operation on every lane, each against a fresh server, and returns the bytes by layer.
 *
 * @throws when there is no such lane, when a lane encrypts its bytes, when an operation has another
 *   outcome than it should, when bytes are not what their protocol allows, or when `signal` was aborted
 */
export async function measureWire(options: MeasureWireOptions): Promise<WireLedger> {
  return (await recordWire(options)).ledger;
}

/** Does the same, and returns the bytes too: a recording for each entry of the ledger, in its order. */
export async function recordWire(
  options: MeasureWireOptions,
): Promise<{ readonly ledger: WireLedger; readonly recordings: readonly Recording[] }> {
  const lanes = await Promise.all(options.lanes.map(loadLane));
  lanes.forEach(refuseEncrypted);
  const wired = lanes.filter(({ wire }) => wire !== 'none');
  const runs = wired.flatMap((lane) => [
    { lane, tls: false },
    ...(options.tls ? [{ lane, tls: true }] : []),
  ]);
  const credentials = options.tls ? await makeCredentials() : undefined;
  const entries: WireEntry[] = [];
  const recordings: Recording[] = [];
  for (const [done, { lane, tls }] of runs.entries()) {
    options.onProgress?.({ lane: lane.name, tls, done, of: runs.length });
    const openRoute = (server: Place) =>
      tls && credentials ? openTlsRoute(server, credentials) : openPlainRoute(server);
    const recorder = await recordOrExplain(lane, openRoute, options.signal);
    entries.push(...recorder.entries.filter(({ operation }) => operation !== unlisted));
    recordings.push(...recorder.recordings.filter(({ operation }) => operation !== unlisted));
  }
  return { ledger: { content: { ...names, body }, entries, json: jsonBytes() }, recordings };
}

/** Throws for a lane with TLS of its own. The tap has the keys of the tunnel alone. */
function refuseEncrypted({ name, resume, baselines }: Lane): void {
  if (resume === undefined) return;
  throw new Error(
    `no wire ledger of ${name}: its client and server encrypt the bytes themselves, so the tap cannot read them; measure ${baselines[0]} with TLS beside it (--tls)`,
  );
}

type OpenRoute = (server: Place) => Promise<Route>;

async function recordOrExplain(
  lane: Lane,
  openRoute: OpenRoute,
  signal: AbortSignal | undefined,
): Promise<Recorder> {
  try {
    return await recordLane(lane, openRoute, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no wire ledger of ${lane.name}: ${why}`, { cause });
  }
}

async function recordLane(
  lane: Lane,
  openRoute: OpenRoute,
  signal: AbortSignal | undefined,
): Promise<Recorder> {
  const server = await lane.startServer?.();
  if (server === undefined) throw new Error('it has no server');
  try {
    const route = await openRoute({ host: '127.0.0.1', port: server.port });
    try {
      const keyLog = route.plainTap && route.keyLog;
      const dissect: DissectConnection = (tally) => dissectConnection(lane, tally, keyLog);
      const recorder = new Recorder({ lane: lane.name, route, dissect, signal });
      await playScript(lane, { host: route.host, port: route.port }, recorder);
      return recorder;
    } finally {
      await route.close();
    }
  } finally {
    await server.close();
  }
}
