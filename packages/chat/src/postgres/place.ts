import { hostname } from 'node:os';
import { StoreError } from '../store/store-error.ts';
import { migrate, type Purpose, prepare, weaknessesOf } from './checks.ts';
import { Connection } from './connection.ts';
import { errorOfWrite, NodeLost, storeErrorOf, within } from './errors.ts';
import { type Hint, Hints } from './hints.ts';
import { type Lease, Leases } from './leases.ts';
import { Line } from './line.ts';
import { MailboxReader } from './mailbox-reader.ts';
import type { KeptReport } from './node-report.ts';

/** The times of a node, in milliseconds. */
export interface NodeTimes {
  /** The time after which a node renews its lease. */
  readonly renewMs: number;
  /** A node whose lease was not renewed for so long is buried by another. */
  readonly liveMs: number;
  /** The time after which a node looks for what no hint has told. */
  readonly lookMs: number;
}

export const defaultNodeTimes: NodeTimes = { renewMs: 1_000, liveMs: 6_000, lookMs: 10_000 };

// Without an answer for so long, a connection is cut.
const readWithinMs = 10_000;
const searchWithinMs = 60_000;
const takeWithinMs = 60_000;
const leaveWithinMs = 5_000;

/** The options of a place. */
export interface PlaceOptions {
  /** The address of the database, a URL that begins with `postgres:` or `postgresql:`. */
  readonly url: string;
  readonly mailboxMessagesMax: number;
  readonly times: NodeTimes;
  /** Returns what operators see of the node, but for the lag of its renewals. */
  readonly report: () => Omit<KeptReport, 'lagMs'>;
  /** Called when an operator asks the node to leave, and again with each renewal after it. */
  readonly onDrain: () => void;
  /** Takes what other nodes tell of sessions. */
  readonly onHint: (session: number, hint: Hint) => void;
  /** Called once, when the place is lost: its sessions have ended. */
  readonly onLost: (error: StoreError) => void;
  /** Told of what weakens a promise. */
  readonly onNotice: (notice: string) => void;
  /** Called when another node was taken for dead, and its sessions have ended. */
  readonly onBuried: (node: number) => void;
  /** Called for what has failed though nobody has asked for it. */
  readonly onError: (error: unknown) => void;
  /** Called when writes have succeeded. */
  readonly onWritten: () => void;
}

/**
 * A node's place among the nodes of a database, under a number that nobody else ever has: the connections,
 * the line of writes, and the lease by which others see that it lives.
 *
 * A place that is lost does not come back; the node takes another one. It is lost when a connection ends,
 * when PostgreSQL does not answer, and when another node has buried it.
 */
export class Place {
  readonly node: number;
  readonly line: Line;
  readonly hints: Hints;
  readonly mailboxes: MailboxReader;
  readonly #options: PlaceOptions;
  readonly #control: Connection;
  readonly #reader: Connection;
  readonly #searcher: Connection;
  readonly #connections: readonly Connection[];
  readonly #leases: Leases;
  readonly #burying = new Set<number>();
  #leaseEndsMs = Number.POSITIVE_INFINITY;
  /** The time at which the next renewal is due. */
  #dueMs = performance.now();
  #lagMs = 0;
  #renewTimer: NodeJS.Timeout | undefined;
  #over = false;

  private constructor(options: PlaceOptions, node: number, connections: Connections) {
    const { control, reader, searcher, writer } = connections;
    this.node = node;
    this.#options = options;
    this.#control = control;
    this.#reader = reader;
    this.#searcher = searcher;
    this.#connections = [writer, reader, searcher, control];
    this.#leases = new Leases(options.times.liveMs);
    this.hints = new Hints(control, options.onError);
    this.mailboxes = new MailboxReader((...query) => this.read(...query));
    this.line = new Line({
      connection: writer,
      node,
      mailboxMessagesMax: options.mailboxMessagesMax,
      onLost: (error) => this.#lose(error),
      onWritten: options.onWritten,
    });
  }

  /** Takes a place. Rejects with a {@link StoreError} that says why there is none. */
  static async take(options: PlaceOptions): Promise<Place> {
    const opened: Connection[] = [];
    const opening = Place.#open(options, opened);
    try {
      return await within(takeWithinMs, opening);
    } catch (error) {
      const destroy = () => {
        for (const connection of opened) connection.destroy();
      };
      destroy();
      // One that is being opened when the time is over comes later.
      opening.finally(destroy).catch(() => {});
      throw storeErrorOf(error);
    }
  }

  /** @param opened takes each connection as soon as it is opened */
  static async #open(options: PlaceOptions, opened: Connection[]): Promise<Place> {
    let place: Place | undefined;
    let ended: Error | undefined;
    const connect = async (name: string) => {
      const connection = await Connection.open(options.url, name, (error) => {
        ended = error ?? new Error('PostgreSQL has ended the connection');
        if (place !== undefined) place.#lose(errorOfWrite(ended));
      });
      opened.push(connection);
      return connection;
    };
    const control = await connect('tandem control');
    const server = await prepare(control, 'control');
    for (const weakness of weaknessesOf(server)) options.onNotice(weakness);
    await migrate(control);
    const { rows } = await control.query<{ node: number }>(joinSql, [
      `${hostname()}:${process.pid}`,
    ]);
    const node = rows[0]?.node ?? 0;
    const open = async (purpose: Purpose) => {
      const connection = await connect(`tandem ${purpose} ${node}`);
      await prepare(connection, purpose, server);
      return connection;
    };
    const [writer, reader, searcher] = [
      await open('writer'),
      await open('reader'),
      await open('searcher'),
    ];
    const taken = new Place(options, node, { control, reader, searcher, writer });
    await taken.hints.listen(node, options.onHint);
    // As when a server is started again: the sessions that it had are over.
    for (const dead of await taken.#renew()) await taken.#bury(dead);
    if (ended !== undefined) throw ended;
    place = taken;
    taken.#renewLater();
    return taken;
  }

  /** Reads rows, soon. */
  read<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#query(this.#reader, readWithinMs, { name, text, values: [...values] });
  }

  /** Asks for rows, which may take a while, apart from the line of writes. */
  search<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return this.#query(this.#searcher, searchWithinMs, { name, text, values: [...values] });
  }

  /** Gives the place up, once what is in the line is written. */
  async leave(): Promise<void> {
    await this.line.settled();
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#renewTimer);
    this.line.end(new StoreError('closed', 'the node has left'));
    // Whether or not that succeeds: others see soon that the node is gone.
    const ended = this.#endSessions(this.#control, this.node);
    await within(leaveWithinMs, ended).catch(() => {});
    const closed = this.#connections.map((connection) =>
      within(leaveWithinMs, connection.close()).catch(() => connection.destroy()),
    );
    await Promise.all(closed);
  }

  async #query<Row extends object>(
    connection: Connection,
    withinMs: number,
    query: { readonly name: string; readonly text: string; readonly values: unknown[] },
  ): Promise<Row[]> {
    try {
      const { rows, warned } = await connection.query<Row>(query, undefined, withinMs);
      if (warned) throw new StoreError('unreachable', gaveUpWaiting);
      return rows;
    } catch (error) {
      throw storeErrorOf(error);
    }
  }

  #renewLater(): void {
    const { renewMs } = this.#options.times;
    this.#dueMs = performance.now() + renewMs;
    this.#renewTimer = setTimeout(() => void this.#renewInTime(), renewMs);
  }

  /** Renews the lease; loses the place when that does not succeed while the lease lasts. */
  async #renewInTime(): Promise<void> {
    const { renewMs } = this.#options.times;
    try {
      // One try, at least, when this process was held up: the lease may still be there.
      const leftMs = Math.max(this.#leaseEndsMs - performance.now(), renewMs);
      const dead = await within(leftMs, this.#renew());
      // It may take longer than the lease lasts.
      for (const node of dead) void this.#bury(node);
    } catch (error) {
      const reason = errorOfWrite(error);
      const isOver = reason instanceof NodeLost || performance.now() >= this.#leaseEndsMs;
      if (isOver) this.#lose(reason);
      // What PostgreSQL has refused, a full disk say, it may take next time.
      else this.#options.onError(reason);
    }
    if (!this.#over) this.#renewLater();
  }

  /** Renews the lease, and returns the nodes that are dead. */
  async #renew(): Promise<readonly number[]> {
    const askedMs = performance.now();
    const report: KeptReport = { ...this.#options.report(), lagMs: this.#lagMs };
    const { rows } = await this.#control.query<Lease & { readonly draining: boolean }>({
      name: 'renew',
      text: 'SELECT node, renewals, died, draining FROM tandem.renew($1, $2)',
      values: [this.node, JSON.stringify(report)],
    });
    this.#lagMs = Math.round(performance.now() - this.#dueMs);
    const { renewMs, liveMs } = this.#options.times;
    // A part of the time, as others begin to count when they look.
    this.#leaseEndsMs = askedMs + renewMs + liveMs / 2;
    if (rows.some(({ node, draining }) => node === this.node && draining)) this.#options.onDrain();
    const others = rows.filter(({ node }) => node !== this.node);
    return this.#leases.dead(others, askedMs);
  }

  /** Buries a node. Where that fails, the next look finds it again. */
  async #bury(node: number): Promise<void> {
    if (this.#burying.has(node)) return;
    this.#burying.add(node);
    try {
      // A process that was stopped keeps its connections, and what it listens to fills a queue of all.
      await this.#searcher.query(endConnectionsSql, [`^tandem [a-z]+ ${node}$`]);
      if (await this.#endSessions(this.#searcher, node)) this.#options.onBuried(node);
    } catch (error) {
      if (!this.#over) this.#options.onError(storeErrorOf(error));
    } finally {
      this.#burying.delete(node);
    }
  }

  /**
   * Makes a node change nothing any more, and ends its sessions in slices, so that nobody waits long for their
   * rows. Resolves with true when this call has buried it.
   */
  async #endSessions(connection: Connection, node: number): Promise<boolean> {
    let news = false;
    for (let after: string | null = ''; after !== null; ) {
      const slice: Slice = await bury(connection, node, after);
      news ||= slice.news;
      after = slice.last;
    }
    return news;
  }

  #lose(error: StoreError): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#renewTimer);
    this.line.end(error);
    for (const connection of this.#connections) connection.destroy();
    this.#options.onLost(error);
  }
}

/** A part of a burial. */
interface Slice {
  /** True when the node was there until then. */
  readonly news: boolean;
  /** The last user whose session it has ended; null when there was none. */
  readonly last: string | null;
}

/** Ends the sessions of a node that are of users behind the one who was the last. */
async function bury(connection: Connection, node: number, after: string): Promise<Slice> {
  const { rows } = await connection.query<Slice>({
    name: 'bury',
    text: 'SELECT news, last FROM tandem.bury($1, $2)',
    values: [node, after],
  });
  return rows[0] ?? { news: false, last: null };
}

interface Connections {
  readonly control: Connection;
  readonly reader: Connection;
  readonly searcher: Connection;
  readonly writer: Connection;
}

/** The reason why nobody knows if what was written outlives the loss of the server. */
const gaveUpWaiting = 'PostgreSQL gave up waiting for its standby';

const joinSql = `
SELECT node, set_config('application_name', 'tandem control ' || node, false)
FROM tandem.join_nodes($1) AS node`;

const endConnectionsSql = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name ~ $1`;
