import { loadLane } from '../../lanes/index.ts';
import type { Lane, ServerBegin } from '../../lanes/lane.ts';
import type { Place } from '../dissect/tls/tunnel.ts';
import type { WireLedger } from '../ledger.ts';
import { jsonBytes } from '../show/json.ts';
import { body, names, secrets } from './content.ts';
import { whileCalm } from './machine-busy.ts';
import { type DissectConnection, Recorder, type Step, unlisted } from './recorder.ts';
import type { Recording } from './recording.ts';
import type { Route } from './route.ts';
import { playScript } from './script.ts';

/** The options of a measurement. */
export interface MeasureWireOptions {
  /** Names of lanes that do not encrypt; the ledger leaves out those without a wire. */
  readonly lanes: readonly string[];
  /** True to measure each lane a second time, through TLS. */
  readonly tls: boolean;
  /** Ends the script behind the part that has this operation; all of it is played by default. */
  readonly until?: string;
  /** Called when a lane begins, with the number of those that began before it, and of all. */
  readonly onProgress?: (progress: WireProgress) => void;
  /** Ends the measurement between two operations when aborted. */
  readonly signal?: AbortSignal;
}

interface WireProgress {
  readonly lane: string;
  readonly tls: boolean;
  readonly begun: number;
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
  // The tunnel loads what makes certificates, and the dissectors below load the contract: that takes
  // longer than most commands of the lab, which load this file and record nothing.
  const { openPlainRoute, openTlsRoute } = await import('./route.ts');
  const { makeCredentials } = await import('../dissect/tls/tunnel.ts');
  const credentials = options.tls ? await makeCredentials() : undefined;
  const recorders = await sideBySide(runs, options.signal, ({ lane, tls }, at, signal) => {
    options.onProgress?.({ lane: lane.name, tls, begun: at, of: runs.length });
    const openRoute = (server: Place) =>
      tls && credentials ? openTlsRoute(server, credentials) : openPlainRoute(server);
    return recordOrExplain(lane, openRoute, options.until, signal);
  });
  const listed = <T extends Step>(all: readonly T[]) =>
    all.filter(({ operation }) => operation !== unlisted);
  const entries = recorders.flatMap((recorder) => listed(recorder.entries));
  const recordings = recorders.flatMap((recorder) => listed(recorder.recordings));
  const content = { ...names, body, ...secrets };
  return { ledger: { content, entries, json: jsonBytes() }, recordings };
}

/** As many lanes at a time: most of what one takes is waiting until its wire is quiet. */
const lanesAtATime = 3;

/** Does the work of each run, several at a time. The first failure aborts the others, and is thrown. */
async function sideBySide<Run, Result>(
  runs: readonly Run[],
  signal: AbortSignal | undefined,
  work: (run: Run, at: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failure = new AbortController();
  const either = AbortSignal.any([failure.signal, ...(signal ? [signal] : [])]);
  const results: Result[] = [];
  const waiting = runs.entries();
  const worker = async () => {
    for (const [at, run] of waiting) {
      if (either.aborted) return;
      try {
        results[at] = await work(run, at, either);
      } catch (error) {
        failure.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanesAtATime }, worker));
  either.throwIfAborted();
  return results;
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
  until: string | undefined,
  signal: AbortSignal,
): Promise<Recorder> {
  try {
    return await whileCalm(() => {
      signal.throwIfAborted();
      return recordLane(lane, openRoute, until, signal);
    });
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no wire ledger of ${lane.name}: ${why}`, { cause });
  }
}

async function recordLane(
  lane: Lane,
  openRoute: OpenRoute,
  until: string | undefined,
  signal: AbortSignal,
): Promise<Recorder> {
  const { dissectConnection } = await import('../dissect/dissect.ts');
  const server = await lane.startServer?.(scriptBegin);
  if (server === undefined) throw new Error('it has no server');
  try {
    const route = await openRoute({ host: '127.0.0.1', port: server.port });
    try {
      const keyLog = route.plainTap && route.keyLog;
      const dissect: DissectConnection = (tally) => dissectConnection(lane, tally, keyLog);
      const recorder = new Recorder({ lane: lane.name, route, dissect, signal });
      await playScript(lane, { host: route.host, port: route.port }, recorder, until);
      return recorder;
    } finally {
      await route.close();
    }
  } finally {
    await server.close();
  }
}

/**
 * The state in which the server of a script starts: it keeps secrets as they are. To hash one takes 50 ms, and
 * on a busy machine half a second, so that a response would come in the next second, with its date written out.
 * No byte on the wire depends on the hash.
 */
export const scriptBegin: ServerBegin = {
  hasher: {
    hash: (secret) => Promise.resolve(secret),
    verify: (secret, kept) => Promise.resolve(secret === kept),
    close: () => Promise.resolve(),
  },
};
