import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServersOfPlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { canBreakDisk } from '../server/broken-disk.ts';
import type { ResourceSample } from '../server/sample.ts';
import { ServerKeeper } from '../server/server-keeper.ts';
import type { ServerCommand, ServerPorts } from '../server/server-process.ts';
import { SmallDisk } from '../server/small-disk.ts';
import { withTimeout } from '../timeout.ts';
import { strikeServer } from './server-faults.ts';
import type { NoteFault, Servers, ServersListener, TimedFault } from './servers.ts';

/** The options of a server by itself. */
export interface OneServerOptions {
  readonly command: ServerCommand;
  /** True for a server that is killed repeatedly; its every second round is on a disk that fills up. */
  readonly mortal: boolean;
  /** A directory of its own. */
  readonly directory: string;
  readonly listener: ServersListener;
}

// The server releases closed connections in the turns of its event loop that follow.
const settleMs = 500;
const sampleTimeoutMs = 30_000;

/** A server with the data in a directory of its own. */
export class OneServer implements Servers {
  readonly #options: OneServerOptions;
  readonly #disk: SmallDisk | undefined;
  readonly #breakable: boolean;
  #keeper: ServerKeeper | undefined;
  #ports: ServerPorts = { socket: 0, grpc: 0 };

  private constructor(options: OneServerOptions, disk: SmallDisk | undefined, breakable: boolean) {
    this.#options = options;
    this.#disk = disk;
    this.#breakable = breakable;
  }

  /** Finds out which faults it can have. */
  static async open(options: OneServerOptions): Promise<OneServer> {
    const disk = await SmallDisk.mount(join(options.directory, 'small-disk'));
    return new OneServer(options, disk, await canBreakDisk());
  }

  get notInjected(): readonly string[] {
    return [
      ...(this.#disk === undefined ? ['a full disk: this user may not mount one'] : []),
      ...(this.#breakable ? [] : ['a disk that breaks: there is no prlimit']),
    ];
  }

  get ports(): readonly ServerPorts[] {
    return [this.#ports];
  }

  forPlan(round: number): ServersOfPlan {
    const { mortal } = this.#options;
    const onSmallDisk = this.#disk !== undefined && (!mortal || round % 2 === 1);
    return { mortal, onSmallDisk, canBreakDisk: this.#breakable };
  }

  async start({ onSmallDisk }: Plan): Promise<void> {
    if (this.#keeper !== undefined) return;
    const { command, directory, listener } = this.#options;
    const disk = onSmallDisk ? this.#disk?.directory : undefined;
    const keeper = new ServerKeeper(command, join(disk ?? directory, 'data'), {
      listening: (ports) => {
        this.#ports = ports;
        listener.listening(0, ports);
      },
      trouble: listener.trouble,
    });
    this.#keeper = keeper;
    await keeper.start();
  }

  faultsOf({ serverFaults, onSmallDisk }: Plan): readonly TimedFault[] {
    const keeper = this.#keeper;
    if (keeper === undefined) return [];
    const disk = onSmallDisk ? this.#disk : undefined;
    return serverFaults.map((fault) => ({
      atMs: fault.atMs,
      strike: (note) => strikeServer({ keeper, disk, note }, fault),
    }));
  }

  /** Kills a mortal one, so that only what is on its disk counts. */
  async settle(note: NoteFault): Promise<boolean> {
    const keeper = this.#keeper;
    if (keeper === undefined) return false;
    if (this.#options.mortal) {
      note('kill server', 'at the end of the round');
      await keeper.kill();
    }
    return keeper.server !== undefined || (await keeper.start());
  }

  async finish(): Promise<ResourceSample | undefined> {
    if (this.#options.mortal) {
      await this.#keeper?.close();
      this.#keeper = undefined;
      return undefined;
    }
    await sleep(settleMs);
    const server = this.#keeper?.server;
    if (server === undefined) return undefined;
    const sample = await withTimeout(server.sample(), sampleTimeoutMs);
    if (sample === undefined)
      this.#options.listener.trouble('the server did not say what it holds');
    return sample;
  }

  async close(): Promise<void> {
    await this.#keeper?.close();
    this.#disk?.unmount();
  }
}
