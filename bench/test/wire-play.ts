import { onTestFinished, type TestContext } from 'vitest';
import { dissectConnection } from '../src/bytes/dissect/dissect.ts';
import type { ConnectionDissector, Dissector } from '../src/bytes/dissect/dissector.ts';
import type { KeyLog } from '../src/bytes/dissect/tls/key-log.ts';
import { makeCredentials } from '../src/bytes/dissect/tls/tunnel.ts';
import type { WireEntry } from '../src/bytes/ledger.ts';
import { whileCalm } from '../src/bytes/record/machine-busy.ts';
import { scriptBegin } from '../src/bytes/record/measure.ts';
import { Recorder } from '../src/bytes/record/recorder.ts';
import type { Recording } from '../src/bytes/record/recording.ts';
import { openPlainRoute, openTlsRoute, type Route } from '../src/bytes/record/route.ts';
import { playScript } from '../src/bytes/record/script.ts';
import type { Lane } from '../src/lanes/lane.ts';
import type { Chunk } from './wire-chunks.ts';

const credentials = await makeCredentials();

/** The script, played on a lane. */
export interface Played {
  /** One for every step, the unlisted ones too. */
  readonly entries: readonly WireEntry[];
  /** The bytes of each entry, in the same order. */
  readonly recordings: readonly Recording[];
  /** The chunks that crossed the first connection. */
  readonly chunks: readonly Chunk[];
  readonly route: Route;
  /** For whoever takes the chunks apart anew. */
  readonly keyLog: KeyLog | undefined;
}

/**
 * Plays the script on a lane, again where a busy machine let an operation outlast its second; its server and its
 * route are gone after the test.
 *
 * @param test the context of the test, which one that runs beside others has to name
 */
export function play(
  lane: Lane,
  tls: boolean,
  test: Pick<TestContext, 'onTestFinished'> = { onTestFinished },
): Promise<Played> {
  return whileCalm(() => playOnce(lane, tls, test));
}

async function playOnce(
  lane: Lane,
  tls: boolean,
  test: Pick<TestContext, 'onTestFinished'>,
): Promise<Played> {
  const server = await lane.startServer?.(scriptBegin);
  test.onTestFinished(() => server?.close());
  const place = { host: '127.0.0.1', port: server?.port ?? 0 };
  const opened = await (tls ? openTlsRoute(place, credentials) : openPlainRoute(place));
  // Nobody reads here what the kernel counted, and each reading is the start of a process.
  const route = { ...opened, segments: undefined };
  test.onTestFinished(() => route.close());
  const keyLog = tls ? route.keyLog : undefined;
  const connections: Chunk[][] = [];
  const recorder = new Recorder({
    lane: lane.name,
    route,
    dissect(tally) {
      const chunks: Chunk[] = [];
      connections.push(chunks);
      return keeping(chunks, dissectConnection(lane, tally, keyLog));
    },
    signal: undefined,
  });
  await playScript(lane, { host: route.host, port: route.port }, recorder);
  const { entries, recordings } = recorder;
  return { entries, recordings, chunks: connections[0] ?? [], route, keyLog };
}

/** The same dissector; what it is given is kept. */
function keeping(chunks: Chunk[], dissector: ConnectionDissector): ConnectionDissector {
  const keepingWay = (way: Chunk['way']): Dissector => ({
    get pendingBytes() {
      return dissector[way].pendingBytes;
    },
    push(bytes) {
      chunks.push({ way, bytes: Buffer.from(bytes) });
      dissector[way].push(bytes);
    },
  });
  return { sent: keepingWay('sent'), received: keepingWay('received') };
}
