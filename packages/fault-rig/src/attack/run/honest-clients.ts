import { fileURLToPath } from 'node:url';
import { AskedProcess } from '../../asked-process.ts';
import type { ServerPorts } from '../../server/server-process.ts';
import type { FromHonest, HonestKind, HonestRecord, ToHonest } from '../honest/protocol.ts';

/** The observations of one honest client. */
export interface HonestResult {
  readonly kind: HonestKind;
  readonly record: HonestRecord;
}

/** The server of honest clients, and the number of names to find there. */
export interface HonestClientsOptions {
  readonly kinds: readonly HonestKind[];
  readonly host: string;
  readonly ports: ServerPorts;
  readonly names: number;
  /** The fingerprint of the server's certificate, for clients that speak TLS; undefined for none. */
  readonly fingerprint: string | undefined;
  /** The time after which a request counts as not served, in milliseconds; undefined for that of a user. */
  readonly patienceMs: number | undefined;
  /** A program in front of Node, with its arguments. */
  readonly launcher: readonly string[];
}

type HonestProcess = AskedProcess<ToHonest, FromHonest>;

const main = fileURLToPath(new URL('../honest/main.ts', import.meta.url));

/** The honest clients, each in a process of its own. */
export class HonestClients {
  readonly #processes: ReadonlyMap<HonestKind, HonestProcess>;

  private constructor(processes: ReadonlyMap<HonestKind, HonestProcess>) {
    this.#processes = processes;
  }

  /** Resolves when all are served. Rejects with the output of a process that ended. */
  static async start(options: HonestClientsOptions): Promise<HonestClients> {
    const processes = new Map<HonestKind, HonestProcess>();
    const clients = new HonestClients(processes);
    try {
      await Promise.all(
        options.kinds.map(async (kind, i) => {
          const process: HonestProcess = new AskedProcess(main, options.launcher);
          processes.set(kind, process);
          const { host, ports, names, fingerprint, patienceMs } = options;
          const port = kind.startsWith('framed') ? ports.socket : ports.grpc;
          const order = {
            kind,
            host,
            port,
            username: `honest${i}`,
            names,
            fingerprint,
            patienceMs,
          };
          const started = await process.ask({ kind: 'start', order });
          if (started === undefined) throw new Error(`an honest client ended:\n${process.log}`);
        }),
      );
      return clients;
    } catch (error) {
      await clients.kill();
      throw error;
    }
  }

  /** Forgets the earlier observations. */
  async measure(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((one) => one.ask({ kind: 'measure' })));
  }

  /** Returns what each of these kinds observed since the last call. */
  async collect(kinds: readonly HonestKind[]): Promise<HonestResult[]> {
    const results = await Promise.all(
      kinds.map(async (kind) => {
        const process = this.#processes.get(kind);
        const reply = await process?.ask({ kind: 'collect' });
        if (reply?.record === undefined) {
          throw new Error(`the honest client ${kind} ended:\n${process?.log}`);
        }
        return { kind, record: reply.record };
      }),
    );
    return results;
  }

  /** Lets them end in order. Resolves with the faults in their responses. */
  async leave(): Promise<string[]> {
    const troubles = await Promise.all(
      [...this.#processes].map(async ([kind, process]) => {
        const reply = await process.ask({ kind: 'leave' });
        await process.ended;
        const found = reply?.troubles ?? [`its process ended:\n${process.log}`];
        return found.map((trouble) => `${kind}: ${trouble}`);
      }),
    );
    return troubles.flat();
  }

  /** Kills them. May be called twice. */
  async kill(): Promise<void> {
    const processes = [...this.#processes.values()];
    for (const process of processes) process.kill();
    await Promise.all(processes.map(({ ended }) => ended));
  }
}
