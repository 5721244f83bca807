import type { StoreError } from '../../store/store-error.ts';
import { prepare, type ServerState } from '../database/checks.ts';
import { Connection } from '../database/connection.ts';
import { errorOfWrite, isBuried, NodeLost, within } from '../database/errors.ts';
import { fromNodeLocks, nodeLockClass } from '../schema/nodes.ts';

// A timer may fire so much before its time.
const earlyMs = 2;
// The lock of the node is gone with its connection, and others see that when they look.
const openAgainAfterMs = 100;

/** A node's account of itself, which goes along with each renewal of its lease. */
export interface NodeReport {
  /** The version of its program. */
  readonly version: string;
  readonly state: 'starting' | 'serving' | 'stopping';
  /** The places at which clients reach it, by transport. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The number of connections of clients. */
  readonly clients: number;
}

/** A node's account of itself, as it is kept. */
export interface KeptReport extends NodeReport {
  readonly sessions: number;
  /** The time from when its last renewal was due to its response, in milliseconds. */
  readonly lagMs: number;
}

/** The options of a {@link LeaseKeeper}. */
export interface LeaseKeeperOptions {
  readonly node: number;
  readonly times: { readonly renewMs: number; readonly liveMs: number };
  /** Opens a connection that holds the lock of the node, in place of one that has ended. */
  readonly open: () => Promise<Connection>;
  /** Returns what operators see of the node, but for the lag of its renewals. */
  readonly report: () => Omit<KeptReport, 'lagMs'>;
  /** Called when an operator asks the node to leave, and again with each renewal after it. */
  readonly onDrain: () => void;
  /** Called when another node is dead, and again until it is buried. */
  readonly onDead: (node: number) => void;
  /** Called once, when the lease is over. */
  readonly onLost: (error: StoreError) => void;
  /** Called for a renewal that has failed while the lease lasts. */
  readonly onError: (error: StoreError) => void;
}

/**
 * Renews a node's lease. What fails is tried again while the lease lasts: a renewal that PostgreSQL refuses, on
 * a full disk for example, and one whose connection has ended, on another connection.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #leases: Leases;
  #control: Connection | undefined;
  #endsMs = Number.POSITIVE_INFINITY;
  /** The time at which the next renewal is due. */
  #dueMs = performance.now();
  #lagMs = 0;
  #over = false;
  #wake: () => void = () => {};

  /** @param control the connection that holds the lock of the node */
  constructor(options: LeaseKeeperOptions, control: Connection) {
    this.#options = options;
    this.#control = control;
    this.#leases = new Leases(options.times.liveMs);
  }

  /** Renews the lease, and returns the nodes that are dead. */
  async renew(): Promise<readonly number[]> {
    const { node, times, report, onDrain } = this.#options;
    const control = this.#control ?? (await this.#openAgain());
    const askedMs = performance.now();
    const said: KeptReport = { ...report(), lagMs: this.#lagMs };
    const { rows } = await control.query<Lease & { readonly draining: boolean }>({
      name: 'renew',
      text: 'SELECT node, renewals, died, draining FROM tandem.renew($1, $2)',
      values: [node, JSON.stringify(said)],
    });
    this.#lagMs = Math.round(performance.now() - this.#dueMs);
    // A part of the time, as others begin to count when they look.
    this.#endsMs = askedMs + times.renewMs + times.liveMs / 2;
    if (rows.some((row) => row.node === node && row.draining)) onDrain();
    const others = rows.filter((row) => row.node !== node);
    return this.#leases.dead(others, askedMs);
  }

  async #openAgain(): Promise<Connection> {
    const control = await this.#options.open();
    if (this.#over) control.destroy();
    else this.#control = control;
    return control;
  }

  /** Renews the lease until {@link stop}, or until it is over. */
  async keep(): Promise<void> {
    const { times, onDead, onLost, onError } = this.#options;
    while (!this.#over) {
      await this.#wait(this.#control === undefined ? openAgainAfterMs : times.renewMs);
      if (this.#over) return;
      // One try, at least, when this process was held up: the lease may still be there.
      const leftMs = Math.max(this.#endsMs - performance.now(), times.renewMs);
      try {
        const dead = await within(leftMs, this.renew());
        for (const node of dead) onDead(node);
      } catch (error) {
        if (this.#over) return;
        const reason = errorOfWrite(error);
        if (!isBuried(reason) && performance.now() < this.#endsMs - earlyMs) onError(reason);
        else onLost(reason);
      }
    }
  }

  async #wait(ms: number): Promise<void> {
    this.#dueMs = performance.now() + ms;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** Takes note that a connection has ended. Returns false when it is none of the lease's. */
  hasEnded(connection: Connection): boolean {
    if (connection !== this.#control) return false;
    this.#control = undefined;
    this.#wake();
    return true;
  }

  /** Renews no more. Returns the connection, which the caller ends; undefined when it has ended. */
  stop(): Connection | undefined {
    this.#over = true;
    this.#wake();
    return this.#control;
  }
}

/** A lease of a node, as a look at all of them finds it. */
export interface Lease {
  readonly node: number;
  /** The number of its renewals, which only the node itself raises. */
  readonly renewals: string;
  /** True when it is known without waiting that the node is gone. */
  readonly died: boolean;
}

/**
 * The leases of other nodes, as this node sees them by its own clock. A node is dead when look after look
 * finds its lease as it was, each of them in time: while this node is paused, others may be as well.
 */
export class Leases {
  readonly #liveMs: number;
  #seen = new Map<number, { readonly renewals: string; readonly sinceMs: number }>();
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param liveMs the time for which a lease lasts that is not renewed, in milliseconds */
  constructor(liveMs: number) {
    this.#liveMs = liveMs;
  }

  /**
   * Returns the nodes that are dead.
   *
   * @param askedMs the time before the look. When the response is read says nothing of when it was given.
   */
  dead(leases: readonly Lease[], askedMs: number): readonly number[] {
    const isInTime = askedMs - this.#lookedMs <= this.#liveMs / 2;
    const before = isInTime ? this.#seen : new Map<number, never>();
    this.#lookedMs = askedMs;
    this.#seen = new Map();
    const dead: number[] = [];
    for (const { node, renewals, died } of leases) {
      const seen = before.get(node);
      const sinceMs = seen?.renewals === renewals ? seen.sinceMs : askedMs;
      this.#seen.set(node, { renewals, sinceMs });
      if (died || askedMs - sinceMs > this.#liveMs) dead.push(node);
    }
    return dead;
  }
}

/**
 * Opens a connection that holds the lock of a node, in place of one that has ended. Rejects when that one has
 * the lock still.
 *
 * @param server the state of the server that the node reached first
 * @param onEnd called once when the connection has ended, which may be before it is returned
 * @param listen makes it hear what other nodes tell
 */
export async function openControl(
  url: string,
  node: number,
  server: ServerState,
  onEnd: (control: Connection) => void,
  listen: (control: Connection) => Promise<void>,
): Promise<Connection> {
  const control = await Connection.open(url, `tandem control ${node}`, onEnd);
  try {
    await prepare(control, 'control', server);
    // PostgreSQL may not have heard of the end of the other one.
    await control.query(endHolderSql, [node]);
    const { rows } = await control.query<{ locked: boolean }>(lockSql, [node]);
    if (rows[0]?.locked !== true) throw new NodeLost('the lock of this node is not free yet');
    await listen(control);
    return control;
  } catch (error) {
    control.destroy();
    throw error;
  }
}

const endHolderSql = `SELECT pg_terminate_backend(pid) ${fromNodeLocks} AND objid = $1::int::oid`;

const lockSql = `SELECT pg_try_advisory_lock(${nodeLockClass}, $1) AS locked`;
