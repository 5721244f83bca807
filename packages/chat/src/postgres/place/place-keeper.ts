import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../../store/store-error.ts';
import { Weaknesses } from '../database/checks.ts';
import { errorOfWrite, NodeLost } from '../database/errors.ts';
import { sweepLeftovers } from './leftovers.ts';
import { Place, type PlaceOptions } from './place.ts';
import { type Limiters, SharedUse } from './shared-use.ts';

/** The options of a {@link PlaceKeeper}. */
export interface PlaceKeeperOptions extends Omit<PlaceOptions, 'weaknesses' | 'onBuried'> {
  /** Looks for what no hint has told: before a place is used, and each `lookMs` while it is. */
  readonly look: (place: Place) => Promise<void>;
  /** The limiters whose use the nodes tell each other, each `renewMs`. */
  readonly limiters: Limiters;
  /** Called when the node cannot have a place any more: a later version has changed the schema. */
  readonly onFatal: (error: StoreError) => void;
}

const [comeBackAfterMs, comeBackAfterMaxMs] = [100, 5_000];
const takeAgainForMs = 10_000;

/** Keeps a node's place: takes one, and another one as soon as that is possible when it is lost. */
export class PlaceKeeper {
  readonly #options: PlaceKeeperOptions;
  readonly #weaknesses: Weaknesses;
  readonly #stop = new AbortController();
  #place: Place | undefined;
  #timers: readonly NodeJS.Timeout[] = [];
  #comingBack: Promise<void> | undefined;

  constructor(options: PlaceKeeperOptions) {
    this.#options = options;
    this.#weaknesses = new Weaknesses(options.onNotice);
  }

  /** The place; undefined while there is none. */
  get place(): Place | undefined {
    return this.#place;
  }

  /** Returns the place. Throws a {@link StoreError} while there is none. */
  need(): Place {
    if (this.#stop.signal.aborted) throw new StoreError('closed', 'this node is closed');
    if (this.#place !== undefined) return this.#place;
    throw new StoreError('unreachable', 'this node has no connection to PostgreSQL at the moment');
  }

  /**
   * Takes a place. When it is lost before it is used, the database could be reached, so another is taken:
   * a node that starts on a busy machine may be late with its lease.
   * Rejects with a {@link StoreError} when the database cannot be used.
   */
  async take(): Promise<void> {
    const giveUpAtMs = performance.now() + takeAgainForMs;
    for (let waitMs = comeBackAfterMs; ; waitMs *= 2) {
      try {
        return await this.#takeOne();
      } catch (error) {
        const leftMs = giveUpAtMs - performance.now();
        if (leftMs < 0 || !(error instanceof NodeLost)) throw error;
        this.#options.onNotice(`this node lost its place before it used it: ${error.message}`);
        await this.#pause(Math.min(waitMs, leftMs));
        if (this.#stop.signal.aborted) throw error;
      }
    }
  }

  async #takeOne(): Promise<void> {
    const { look, limiters, times, onNotice, ...options } = this.#options;
    let place: Place | undefined;
    let lost: StoreError | undefined;
    const taken = await Place.take({
      ...options,
      times,
      onNotice,
      onLost: (error) => {
        lost = error;
        if (place !== undefined) this.#lose(error);
      },
      weaknesses: this.#weaknesses,
      onBuried: (node) => onNotice(`node ${node} is dead, and its sessions have ended`),
    });
    try {
      await look(taken);
    } catch (error) {
      await taken.leave();
      // What is asked at a place that was lost fails without the reason, or before the place is known as lost.
      if (!(error instanceof StoreError)) throw error;
      throw lost ?? errorOfWrite(error.cause ?? error);
    }
    if (lost !== undefined) throw lost;
    place = taken;
    this.#place = taken;
    const shared = new SharedUse(limiters, taken);
    this.#timers = [
      every(times.lookMs, () => look(taken)),
      every(times.renewMs, () => shared.exchange()),
      every(times.renewMs, () => this.#sweep(taken)),
    ];
  }

  async #sweep(place: Place): Promise<void> {
    await sweepLeftovers(place).catch((error) => {
      if (!place.isOver) this.#options.onError(error);
    });
  }

  #lose(error: StoreError): void {
    this.#place = undefined;
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.onNotice(
      `this node has lost its place, and its sessions have ended: ${error.message}`,
    );
    this.#options.onLost(error);
    if (!this.#stop.signal.aborted) this.#comingBack = this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    const { onNotice, onError, onFatal } = this.#options;
    const { signal } = this.#stop;
    for (let waitMs = comeBackAfterMs; !signal.aborted; waitMs *= 2) {
      await this.#pause(waitMs);
      try {
        if (signal.aborted) return;
        await this.#takeOne();
        onNotice(`this node has its place again, as node ${this.#place?.node}`);
        return;
      } catch (error) {
        onError(error);
        // The schema never goes back to an earlier version, so there is nothing to wait for.
        if (error instanceof StoreError && error.code === 'newer') {
          onFatal(error);
          return;
        }
      }
    }
  }

  /** Waits for a moment, or until {@link stop}. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    await delay(Math.min(ms, comeBackAfterMaxMs), undefined, { signal }).catch(() => {});
  }

  /** Takes no place any more. To be followed by {@link leave}. */
  stop(): void {
    this.#stop.abort();
  }

  /** Gives the place up, once what is in its line is written. */
  async leave(): Promise<void> {
    await this.#comingBack;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#place?.leave();
  }
}

/** Works again and again. Where that fails, the place is lost, or the next time succeeds. */
function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let working = false;
  return setInterval(() => {
    if (working) return;
    working = true;
    work()
      .catch(() => {})
      .finally(() => {
        working = false;
      });
  }, ms);
}
