import { hostname } from 'node:os';
import { StoreError } from '../store/store-error.ts';
import { checkServer, migrate } from './checks.ts';
import { Connection } from './connection.ts';
import { errorOfWrite, NodeLost, storeErrorOf, within } from './errors.ts';
import { type Hint, Hints } from './hints.ts';
import { Line } from './line.ts';

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
  /** Takes what other nodes tell of sessions. */
  readonly onHint: (session: number, hint: Hint) => void;
  /** Called once, when the place is lost: its sessions have ended. */
  readonly onLost: (error: StoreError) => void;
  /** Told of what weakens a promise. */
  readonly onNotice: (notice: string) => void;
  /** Called when another node was taken for dead, and its sessions have ended. */
  readonly onBuried: (node: number) => void;
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
  readonly #options: PlaceOptions;
  readonly #control: Connection;
  readonly #reader: Connection;
  readonly #searcher: Connection;
  readonly #connections: readonly Connection[];
  /** The leases of others: how often they were renewed, and since when that is known. */
  readonly #seen = new Map<number, { readonly renewals: string; readonly sinceMs: number }>();
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
    this.hints = new Hints(control);
    this.line = new Line({
      connection: writer,
      node,
      mailboxMessagesMax: options.mailboxMessagesMax,
      onLost: (error) => this.#lose(error),
    });
  }

  /** Takes a place. Rejects with a {@link StoreError} that says why there is none. */
  static async take(options: PlaceOptions): Promise<Place> {
    const opened: Connection[] = [];
    try {
      return await within(takeWithinMs, Place.#open(options, opened));
    } catch (error) {
      for (const connection of opened) connection.destroy();
      throw storeErrorOf(error);
    }
  }

  /** @param opened takes each connection as soon as it is opened */
  static async #open(options: PlaceOptions, opened: Connection[]): Promise<Place> {
    let place: Place | undefined;
    let ended: Error | undefined;
    const open = async (name: string) => {
      const connection = await Connection.open(options.url, `tandem ${name}`, (error) => {
        ended = error ?? new Error('PostgreSQL has ended the connection');
        if (place !== undefined) place.#lose(errorOfWrite(ended));
      });
      opened.push(connection);
      return connection;
    };
    const control = await open('control');
    await checkServer(control, options.onNotice);
    await migrate(control);
    // Leases and hints need not be on a disk.
    await control.query('SET synchronous_commit = off');
    const writer = await open('writer');
    await promiseCommits(writer);
    const [reader, searcher] = [await open('reader'), await open('searcher')];
    await promiseCommits(searcher);
    const { rows } = await control.query<{ node: number }>('SELECT tandem.join_nodes($1) AS node', [
      `${hostname()}:${process.pid}`,
    ]);
    const node = rows[0]?.node ?? 0;
    const taken = new Place(options, node, { control, reader, searcher, writer });
    await taken.hints.listen(node, options.onHint);
    const dead = await taken.#renew();
    // As when a server is started again: the sessions that it had are over.
    for (const one of dead) await taken.#bury(one);
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
    const bury = this.#control.query('SELECT tandem.bury($1)', [this.node]);
    await within(leaveWithinMs, bury).catch(() => {});
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
      const { rows } = await within(withinMs, connection.query<Row>(query));
      return rows;
    } catch (error) {
      if (error instanceof NodeLost) this.#lose(error);
      throw storeErrorOf(error);
    }
  }

  #renewLater(): void {
    this.#renewTimer = setTimeout(() => void this.#renewInTime(), this.#options.times.renewMs);
  }

  /** Renews the lease; loses the place when that does not succeed while the lease lasts. */
  async #renewInTime(): Promise<void> {
    // A part of the time, as others begin to count when they look.
    const lastsMs = this.#options.times.liveMs / 2;
    const tooLate = setTimeout(
      () => this.#lose(new NodeLost('PostgreSQL has not answered for as long as the lease lasts')),
      lastsMs,
    );
    try {
      const dead = await this.#renew();
      // It may take longer than the lease lasts.
      for (const node of dead) this.#bury(node).catch((error) => this.#lose(errorOfWrite(error)));
    } catch (error) {
      this.#lose(errorOfWrite(error));
    } finally {
      clearTimeout(tooLate);
    }
    if (!this.#over) this.#renewLater();
  }

  /** Renews the lease, and returns the nodes that are dead. */
  async #renew(): Promise<readonly number[]> {
    const { rows } = await this.#control.query<{ node: number; renewals: string; died: boolean }>({
      name: 'renew',
      text: 'SELECT node, renewals, died FROM tandem.renew($1)',
      values: [this.node],
    });
    const nowMs = performance.now();
    const dead: number[] = [];
    for (const { node, renewals, died } of rows) {
      const seen = this.#seen.get(node);
      if (seen?.renewals !== renewals) this.#seen.set(node, { renewals, sinceMs: nowMs });
      const silentMs = seen?.renewals === renewals ? nowMs - seen.sinceMs : 0;
      if (died || silentMs > this.#options.times.liveMs) dead.push(node);
    }
    for (const node of this.#seen.keys()) {
      if (!rows.some((row) => row.node === node)) this.#seen.delete(node);
    }
    return dead;
  }

  async #bury(node: number): Promise<void> {
    const { rows } = await this.#searcher.query<{ buried: boolean }>(
      'SELECT tandem.bury($1) AS buried',
      [node],
    );
    if (rows[0]?.buried === true) this.#options.onBuried(node);
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

interface Connections {
  readonly control: Connection;
  readonly reader: Connection;
  readonly searcher: Connection;
  readonly writer: Connection;
}

/** Makes commits on a connection wait for the disk, and for a synchronous standby, whatever the server's default. */
async function promiseCommits(writer: Connection): Promise<void> {
  const { rows } = await writer.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
  if (rows[0]?.synchronous_commit === 'remote_apply') return;
  await writer.query('SET synchronous_commit = on');
}
