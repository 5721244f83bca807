import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Traffic } from '../ledger.ts';
import type { WireTap } from './tap.ts';

const run = promisify(execFile);

/** The headers of a packet in bytes: 20 of IPv4, 20 of TCP, 12 of TCP's timestamps, which Linux sends. */
export const packetHeaderBytes = 52;

/**
 * Counts the TCP segments with data that the client and the server of each connection send, as the
 * kernel counts them in TCP_INFO; `ss` reads that. It asks about the sockets of the client and of
 * the server, so segments that the tap between them cuts or joins do not count.
 */
export class SegmentCounter {
  readonly #tap: WireTap;
  readonly #serverPort: number;
  #last: ReadonlyMap<number, Traffic> = new Map();

  private constructor(tap: WireTap, serverPort: number) {
    this.#tap = tap;
    this.#serverPort = serverPort;
  }

  /** Returns undefined where there is no `ss`, or it does not count segments. */
  static async open(tap: WireTap, serverPort: number): Promise<SegmentCounter | undefined> {
    try {
      await readSockets(serverPort);
      return new SegmentCounter(tap, serverPort);
    } catch {
      return undefined;
    }
  }

  /** Returns the segments since the last call for each open connection, by its number. */
  async sinceLast(): Promise<ReadonlyMap<number, Traffic>> {
    const sockets = await readSockets(this.#tap.port, this.#serverPort);
    const counts = new Map<number, Traffic>();
    const since = new Map<number, Traffic>();
    for (const [number, { client, server }] of this.#tap.ports) {
      const sent = sockets.get(`${client}:${this.#tap.port}`);
      const received = sockets.get(`${this.#serverPort}:${server}`);
      if (sent === undefined || received === undefined) continue;
      const before = this.#last.get(number) ?? { sent: 0, received: 0 };
      counts.set(number, { sent, received });
      since.set(number, { sent: sent - before.sent, received: received - before.received });
    }
    this.#last = counts;
    return since;
  }
}

/** The data segments that each socket at one of the ports has sent, by `local port:remote port`. */
async function readSockets(...ports: readonly number[]): Promise<ReadonlyMap<string, number>> {
  const ends = ports.flatMap((port) => [`sport = :${port}`, `dport = :${port}`]);
  const filter = `( ${ends.join(' or ')} )`;
  const { stdout } = await run('ss', ['-HtinO', 'state', 'connected', filter]);
  const sockets = stdout.split('\n').flatMap((line) => {
    const [, local, remote] = /:(\d+)\s+\S*:(\d+)\s/.exec(line) ?? [];
    if (local === undefined) return [];
    // The kernel's tool leaves out what is zero.
    return [[`${local}:${remote}`, Number(/ data_segs_out:(\d+)/.exec(line)?.[1] ?? 0)] as const];
  });
  return new Map(sockets);
}
