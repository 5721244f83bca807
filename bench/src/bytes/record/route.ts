import { KeyLog } from '../dissect/tls/key-log.ts';
import { type Credentials, openEntrance, openExit, type Place } from '../dissect/tls/tunnel.ts';
import { SegmentCounter } from './segments.ts';
import { WireTap } from './tap.ts';

/** The way from a client to its server, with a tap on it. */
export interface Route extends Place {
  /** The tap whose bytes the ledger counts. */
  readonly tap: WireTap;
  /** Counts the segments of its connections; undefined where the kernel cannot be asked, and over TLS. */
  readonly segments: SegmentCounter | undefined;
  /** Over TLS, the tap that sees the bytes before they are encrypted. */
  readonly plainTap: WireTap | undefined;
  /** Over TLS, the secrets of its connections. */
  readonly keyLog: KeyLog;
  close(): Promise<void>;
}

/** Client, tap, server. */
export async function openPlainRoute({ host, port }: Place): Promise<Route> {
  const tap = await WireTap.open(host, port);
  return {
    host: tap.host,
    port: tap.port,
    tap,
    segments: await SegmentCounter.open(tap, port),
    plainTap: undefined,
    keyLog: new KeyLog(),
    close: () => tap.close(),
  };
}

/**
 * Client, tap, a tunnel's entrance, tap, its exit, server: neither client nor server speaks TLS, so a
 * tunnel does it for them.
 */
export async function openTlsRoute(server: Place, credentials: Credentials): Promise<Route> {
  const keyLog = new KeyLog();
  const exit = await openExit(server, credentials, keyLog);
  const tap = await WireTap.open(exit.host, exit.port);
  const entrance = await openEntrance(tap, credentials);
  const plainTap = await WireTap.open(entrance.host, entrance.port);
  return {
    host: plainTap.host,
    port: plainTap.port,
    tap,
    segments: undefined,
    plainTap,
    keyLog,
    async close() {
      for (const part of [plainTap, entrance, tap, exit]) await part.close();
    },
  };
}
