import { hostname } from 'node:os';
import type { Origin } from '../../scheduling/fair-queue.ts';
import { StoreError } from '../../store/store-error.ts';
import {
  type Purpose,
  prepare,
  type ServerState,
  stateSql,
  type Weaknesses,
} from '../database/checks.ts';
import { Connection } from '../database/connection.ts';
import { errorOfWrite, gaveUpWaiting, storeErrorOf, within } from '../database/errors.ts';
import { type Hint, Hints } from '../database/hints.ts';
import { migrate, slownessOf } from '../schema/version.ts';
import { Line } from '../traffic/line.ts';
import { MailboxReader } from '../traffic/mailbox-reader.ts';
import { Burials, endSessions } from './burials.ts';
import { LeaseKeeper, type LeaseKeeperOptions, openControl } from './lease-keeper.ts';

/** The times of a node, in milliseconds. */
export interface NodeTimes {
  /** The time after which a node renews its lease. */
  readonly renewMs: number;
  /** A node whose lease was not renewed for so long is buried by another. */
  readonly liveMs: number;
  /** The time after which a node looks for what no hint has told. */
  readonly lookMs: number;
}

/** The times of a node that sets none. */
export const defaultNodeTimes: NodeTimes = { renewMs: 1_000, liveMs: 6_000, lookMs: 10_000 };

// Without a response for so long, a connection is cut.
const readWithinMs = 10_000;
const searchWithinMs = 60_000;
const takeWithinMs = 60_000;
const leaveWithinMs = 5_000;

/** The options of a place. */
export interface PlaceOptions extends Pick<LeaseKeeperOptions, 'report' | 'onDrain'> {
  /** The address of the database, a URL that begins with `postgres:` or `postgresql:`. */
  readonly url: string;
  readonly mailboxMessagesMax: number;
  readonly times: NodeTimes;
  /** Tells whether somebody is logged in on a connection. */
  readonly isUser: (origin: Origin) => boolean;
  /** Takes what other nodes tell of sessions. */
  readonly onHint: (session: number, hint: Hint) => void;
  /** Called once, when the place is lost: its sessions have ended. */
  readonly onLost: (error: StoreError) => void;
  /** Told of what weakens a promise. */
  readonly weaknesses: Weaknesses;
  /** Told of what makes searches slow. */
  readonly onNotice: (notice: string) => void;
  /** Called when another node was taken for dead, and its sessions have ended. */
  readonly onBuried: (node: number) => void;
  /** Called for what has failed though nobody has asked for it. */
  readonly onError: (error: unknown) => void;
  /** Called when writes have succeeded. */
  readonly onWritten: () => void;
}

/** The connections that were opened on the way to a place, and the reason why one of them has ended. */
interface Way {
  readonly opened: Connection[];
  ended: Error | undefined;
}

/**
 * A node's place among the nodes of a database, under a number that nobody else ever has: the connections,
 * the line of writes, and the lease by which others see that it lives.
 *
 * A place that is lost does not come back; the node takes another one. It is lost when a connection ends, but
 * for that of the lease, when PostgreSQL does not answer, and when another node has buried it.
 */
export class Place {
  readonly node: number;
  readonly line: Line;
  readonly hints: Hints;
  readonly mailboxes: MailboxReader;
  readonly #options: PlaceOptions;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #searcher: Connection;
  readonly #connections: readonly Connection[];
  readonly #lease: LeaseKeeper;
  readonly #burials: Burials;
  #over = false;

  private constructor(
    options: PlaceOptions,
    node: number,
    { control, reader, searcher, writer }: Connections,
    server: ServerState,
  ) {
    this.node = node;
    this.#options = options;
    this.#writer = writer;
    this.#reader = reader;
    this.#searcher = searcher;
    this.#connections = [writer, reader, searcher];
    this.hints = new Hints(control, options.onError);
    this.mailboxes = new MailboxReader((...query) => this.read(...query));
    this.line = new Line({
      connection: writer,
      node,
      mailboxMessagesMax: options.mailboxMessagesMax,
      isUser: options.isUser,
      onLost: (error) => this.#lose(error),
      onWritten: options.onWritten,
    });
    const { times, report, onDrain, onBuried } = options;
    const onError = (error: unknown) => {
      if (!this.#over) options.onError(storeErrorOf(error));
    };
    this.#burials = new Burials(searcher, onBuried, onError);
    this.#lease = new LeaseKeeper(
      {
        node,
        times,
        report,
        onDrain,
        onError,
        open: () => this.#openControl(server),
        // It may take longer than the lease lasts.
        onDead: (dead) => void this.#burials.bury(dead),
        onLost: (error) => this.#lose(error),
      },
      control,
    );
  }

  /**
   * Takes a place. Rejects with a {@link StoreError} that says why there is none: {@link NodeLost} when
   * PostgreSQL was there, and has ended a connection or not answered in time.
   */
  static async take(options: PlaceOptions): Promise<Place> {
    const way: Way = { opened: [], ended: undefined };
    const opening = Place.#open(options, way);
    try {
      return await within(takeWithinMs, opening);
    } catch (error) {
      const destroy = () => {
        for (const connection of way.opened) connection.destroy();
      };
      destroy();
      // One that is being opened when the time is over comes later.
      opening.finally(destroy).catch(() => {});
      if (error instanceof StoreError) throw error;
      // What is asked on a connection that has ended fails without the reason.
      const { severity } = error as { readonly severity?: string };
      const isOfDatabase = way.ended !== undefined || severity !== undefined;
      throw isOfDatabase ? errorOfWrite(way.ended ?? error) : storeErrorOf(error);
    }
  }

  static async #open(options: PlaceOptions, way: Way): Promise<Place> {
    let place: Place | undefined;
    const connect = async (name: string) => {
      const connection = await Connection.open(options.url, name, (connection, error) => {
        const reason = error ?? new Error('PostgreSQL has ended the connection');
        if (place === undefined) way.ended ??= reason;
        else if (!place.#lease.hasEnded(connection)) place.#lose(errorOfWrite(reason));
      });
      way.opened.push(connection);
      return connection;
    };
    const control = await connect('tandem control');
    const server = await prepare(control, 'control');
    options.weaknesses.note(server);
    await migrate(control);
    const slowness = await slownessOf(control);
    if (slowness !== undefined) options.onNotice(slowness);
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
    const taken = new Place(options, node, { control, reader, searcher, writer }, server);
    await taken.hints.listen(control, node, options.onHint);
    // As when a server is started again: the sessions that it had are over.
    for (const dead of await taken.#lease.renew()) await taken.#burials.bury(dead);
    if (way.ended !== undefined) throw way.ended;
    place = taken;
    void taken.#lease.keep();
    return taken;
  }

  #openControl(server: ServerState): Promise<Connection> {
    const { url, onHint } = this.#options;
    return openControl(
      url,
      this.node,
      server,
      (control) => this.#lease.hasEnded(control),
      (control) => this.hints.listen(control, this.node, onHint),
    );
  }

  /** True when it is given up or lost. */
  get isOver(): boolean {
    return this.#over;
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

  /** Tells of what weakens a promise since the last look: somebody has changed the server meanwhile. */
  async lookAtServer(): Promise<void> {
    const [state] = await this.search<ServerState>('server', stateSql, []);
    if (state !== undefined) this.#options.weaknesses.note(state);
  }

  /** Gives the place up, once what is in the line is written. */
  async leave(): Promise<void> {
    await this.line.idle();
    if (this.#over) return;
    this.#over = true;
    const control = this.#lease.stop();
    const connections = control === undefined ? this.#connections : [...this.#connections, control];
    this.line.end(new StoreError('closed', 'the node has left'));
    // Whether or not that succeeds: others see soon that the node is gone.
    const ended = endSessions(this.#writer, this.node);
    await within(leaveWithinMs, ended).catch(() => {});
    const closed = connections.map((connection) =>
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

  #lose(error: StoreError): void {
    if (this.#over) return;
    this.#over = true;
    this.line.end(error);
    for (const connection of [...this.#connections, this.#lease.stop()]) connection?.destroy();
    this.#options.onLost(error);
  }
}

interface Connections {
  readonly control: Connection;
  readonly reader: Connection;
  readonly searcher: Connection;
  readonly writer: Connection;
}

const joinSql = `
SELECT node, set_config('application_name', 'tandem control ' || node, false)
FROM tandem.join_nodes($1) AS node`;
