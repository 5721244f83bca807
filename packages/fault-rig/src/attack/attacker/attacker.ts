import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { TransportName } from '@tandem/core';
import { Random } from '../../random.ts';
import { RawConnection } from '../wire/raw-connection.ts';
import { type AttackCounts, type AttackerOrder, heldAtEnd } from './protocol.ts';

// The time after which an attacker asks again a server that refuses or has no room.
const retryMs = 20;

// The last byte of an address is 1 to 254.
const hostsMax = 254;

/** One process of an attack: its target, its duration and its results. */
export class Attacker {
  readonly order: AttackerOrder;
  readonly random: Random;
  /** Resolves when the attack is over. */
  readonly over: Promise<void>;
  readonly #addresses: number;
  readonly #stop: AbortController;
  readonly #held: Set<RawConnection>;
  readonly #counts: Map<string, number>;
  #opened = 0;

  /** @param whole of a part of an attack, the attacker that it counts for and stops with */
  constructor(
    order: AttackerOrder,
    { addresses = 1 }: { readonly addresses?: number },
    whole?: Attacker,
  ) {
    this.order = order;
    this.#addresses = addresses;
    this.#stop = whole === undefined ? new AbortController() : whole.#stop;
    this.#counts = whole === undefined ? new Map() : whole.#counts;
    this.#held = whole === undefined ? new Set() : whole.#held;
    this.random = new Random(`${order.attack}/${order.part}`);
    this.over = new Promise((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve());
    });
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Its counts, and the number of connections that it holds now. */
  get counts(): AttackCounts {
    const held = this.#held.size;
    return { ...Object.fromEntries(this.#counts), ...(held === 0 ? {} : { [heldAtEnd]: held }) };
  }

  /** Ends the attack. May be called twice. */
  stop(): void {
    this.#stop.abort();
  }

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  /** Returns this process's part of a number, of which all processes together do all. */
  share(total: number): number {
    const { part, parts } = this.order;
    return Math.floor((total * (part + 1)) / parts) - Math.floor((total * part) / parts);
  }

  /** Connects, from the next of the attack's addresses. Resolves with undefined when it cannot. */
  async connect(transport: TransportName): Promise<RawConnection | undefined> {
    const { host, ports } = this.order;
    const connection = await RawConnection.open({
      host,
      port: ports[transport],
      localAddress: this.#nextAddress(),
    });
    this.count(connection === undefined ? 'connections refused' : 'connections');
    return connection;
  }

  /** Reads a connection, and counts it as held from the server's first byte until its end. */
  hold(connection: RawConnection): void {
    connection.read(() => this.#held.add(connection));
    void connection.closed.then(() => this.#held.delete(connection));
  }

  /** Runs an action so many times at once, and repeats it until the attack is over. */
  async keep(times: number, perform: (which: number) => Promise<unknown>): Promise<void> {
    const again = async (which: number) => {
      while (!this.isOver) {
        const came = await perform(which);
        // The other actions get a turn, also after one that failed.
        if (came === undefined) await this.pause(retryMs);
        else await turn();
      }
    };
    await Promise.race([
      this.over,
      Promise.all(Array.from({ length: times }, (_, which) => again(which))),
    ]);
  }

  /**
   * Keeps so many connections: runs an action on each when it is up, and opens another after that.
   *
   * @param transport of `both`, every second one is over gRPC
   */
  keepConnected(
    transport: TransportName | 'both',
    times: number,
    perform: (connection: RawConnection, which: number) => Promise<unknown>,
  ): Promise<void> {
    const both = ['socket', 'grpc'] as const;
    return this.keep(times, async (which) => {
      const connection = await this.connect(
        transport === 'both' ? (both[which % 2] ?? 'socket') : transport,
      );
      if (connection === undefined) return undefined;
      await perform(connection, which);
      return true;
    });
  }

  /** Waits, at most until the end of the attack. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  /** An address of 127.0.0.0/8: the honest clients' own where the attack has only one. */
  #nextAddress(): string {
    if (this.#addresses === 1) return '127.0.0.1';
    const number = this.#opened++ % this.#addresses;
    const [network, host] = [Math.floor(number / hostsMax), (number % hostsMax) + 1];
    return `127.${this.order.part + 1}.${network}.${host}`;
  }
}
