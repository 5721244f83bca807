import type { ArrivedChunk } from '@tandem/proxy';
import type { ConnectionDissector } from '../dissect/dissector.ts';
import { sum, Tally } from '../dissect/tally.ts';
import type { Traffic, WireEntry } from '../ledger.ts';
import { MachineBusy } from './machine-busy.ts';
import { flightsOf, type Recording, wayOf } from './recording.ts';
import type { Route } from './route.ts';
import { quiet } from './tap.ts';

/** Makes the dissector of a connection; its annotations go to the tally of the current step. */
export type DissectConnection = (tally: () => Tally) => ConnectionDissector;

/** The operation of a connection in a step. */
export type Step = Pick<WireEntry, 'operation' | 'call'>;

/** The operation of a step that the ledger does not list: it prepares another, or repeats one. */
export const unlisted = 'unlisted';

/** The parts of a recorder. */
export interface RecorderOptions {
  readonly lane: string;
  readonly route: Route;
  readonly dissect: DissectConnection;
  /** Ends the recording before the next step when aborted. */
  readonly signal: AbortSignal | undefined;
}

/** Keeps the ledger of one lane: the bytes that crossed in each step, by layer. */
export class Recorder {
  readonly entries: WireEntry[] = [];
  /** The bytes of each entry, in the same order. */
  readonly recordings: Recording[] = [];
  readonly #options: RecorderOptions;
  readonly #connections = new Map<number, RecordedConnection>();
  /** False when segments crossed that nobody counted. */
  #isCounted = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /**
   * Runs an action, waits until the wire is quiet, and records the bytes that crossed, also when there
   * were none.
   *
   * @param steps what each connection does meanwhile, in the order in which they connected; one
   *   without a step is to be silent
   */
  async record<T>(steps: readonly (Step | undefined)[], run: () => Promise<T>): Promise<T> {
    const { route, signal } = this.#options;
    signal?.throwIfAborted();
    // To count takes a process each time, and most steps need no count.
    const counts = steps.some((step) => step !== undefined && step.operation !== unlisted);
    if (counts && !this.#isCounted) await route.segments?.sinceLast();
    const result = await run();
    await quiet(route.plainTap === undefined ? [route.tap] : [route.tap, route.plainTap]);
    const segments = counts ? await route.segments?.sinceLast() : undefined;
    this.#isCounted = counts;
    for (const chunk of route.tap.take()) this.#connection(chunk.connection).take(chunk);
    this.#comparePlain();
    for (const number of steps.keys()) this.#connection(number);
    for (const [number, connection] of this.#connections) {
      this.#write(steps[number], connection, segments?.get(number));
    }
    return result;
  }

  #connection(number: number): RecordedConnection {
    let connection = this.#connections.get(number);
    if (connection === undefined) {
      connection = new RecordedConnection(number, this.#options.dissect);
      this.#connections.set(number, connection);
    }
    return connection;
  }

  #write(
    step: Step | undefined,
    connection: RecordedConnection,
    dataSegments: Traffic | undefined,
  ): void {
    const { lane, route } = this.#options;
    const { number, crossed } = connection;
    const what = `${step?.operation ?? 'silence'} of ${lane}, connection ${number}`;
    if (step === undefined && crossed.segments.sent + crossed.segments.received === 0) return;
    if (step === undefined) throw new MachineBusy(`${what}: bytes crossed that nobody asked for`);
    const { tally, flights } = connection.settle(what);
    const { layers, total, headers } = tally;
    const named = { lane, ...step, tls: route.plainTap !== undefined };
    this.recordings.push({ ...named, flights });
    this.entries.push({
      ...named,
      layers,
      total,
      ...crossed,
      ...(dataSegments && step.call !== 'connection' && { dataSegments }),
      ...(headers.length > 0 && { headers }),
    });
  }

  // The bytes that TLS protects are exactly those of the other layers.
  #comparePlain(): void {
    const { lane, route } = this.#options;
    if (route.plainTap === undefined) return;
    const plain = sum(route.plainTap.take().map(trafficOf));
    const layers = sum([...this.#connections.values()].map(({ plain }) => plain));
    if (plain.sent !== layers.sent || plain.received !== layers.received) {
      throw new Error(`${lane}: what TLS carried is not what the transport wrote`);
    }
  }
}

/** One connection, as it is taken apart step by step. */
export class RecordedConnection {
  readonly number: number;
  readonly #dissector: ConnectionDissector;
  #tally = new Tally();
  #chunks: ArrivedChunk[] = [];
  /** The bytes that had crossed before the step. */
  #before: Traffic = { sent: 0, received: 0 };

  constructor(number: number, dissect: DissectConnection) {
    this.number = number;
    this.#dissector = dissect(() => this.#tally);
  }

  /** The bytes and segments that the tap counted since the last step. */
  get crossed(): Pick<WireEntry, 'tap' | 'segments'> {
    const segments = { sent: 0, received: 0 };
    for (const { direction } of this.#chunks) segments[wayOf(direction)]++;
    return { tap: sum(this.#chunks.map(trafficOf)), segments };
  }

  /** The annotated bytes since the last step, without those of TLS. */
  get plain(): Traffic {
    const { tlsHandshake: _handshake, tlsRecords: _records, ...plain } = this.#tally.layers;
    return sum(Object.values(plain));
  }

  /** True when nothing is incomplete, so that the step can be settled. */
  get isWhole(): boolean {
    const { sent, received } = this.#dissector;
    return sent.pendingBytes + received.pendingBytes === 0;
  }

  take(chunk: ArrivedChunk): void {
    this.#chunks.push(chunk);
    this.#dissector[wayOf(chunk.direction)].push(chunk.bytes);
  }

  /** Ends a step. Every byte that crossed in it must have an annotation. */
  settle(what: string): { readonly tally: Tally; readonly flights: Recording['flights'] } {
    const tally = this.#tally;
    if (!this.isWhole) throw new Error(`${what}: cut off`);
    try {
      const flights = flightsOf(this.#chunks, this.#before, tally.annotations);
      this.#before = sum([this.#before, this.crossed.tap]);
      this.#tally = new Tally();
      this.#chunks = [];
      return { tally, flights };
    } catch (cause) {
      throw new Error(`${what}: ${(cause as Error).message}`, { cause });
    }
  }
}

function trafficOf({ direction, bytes }: ArrivedChunk): Traffic {
  return { sent: 0, received: 0, [wayOf(direction)]: bytes.length };
}
