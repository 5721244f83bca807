import type { ServerHttp2Session } from 'node:http2';

/** What every connection may begin with, and the least that it keeps while there are few of them. */
export const firstCalls = 8;

// Calls that all connections together may begin while none ends, unless they are more than this many:
// each may always begin one. A call costs about 30 µs before it can be made to wait.
const roomMost = 1_024;

// While turns of the event loop are long, they have half as much, and half of that, down to this.
const roomLeast = 128;

// Turns that have been short for so long let them have twice as much again.
const calmMs = 1_000;

// Each is a frame of SETTINGS; more of them wait for the next look.
const cutsPerLookMax = 256;

/** A connection, as far as its calls are concerned. */
interface Caller {
  readonly calls: ReadonlySet<unknown>;
  readonly http2: ServerHttp2Session | undefined;
}

/**
 * Shares out how many calls connections may begin. HTTP/2 decodes all headers of what a socket has
 * read, and calls them out, before anybody can make one of them wait. So what a turn of the event loop
 * takes is bounded by what connections may begin in it: the room between their open calls and their
 * limit (SETTINGS_MAX_CONCURRENT_STREAMS), which nghttp2 holds them to as soon as it is set.
 *
 * A connection begins with little. Who uses it is given twice as much, up to `callsMax`, while there
 * is room; when there is none, those who make calls share it evenly, and the others keep the least.
 */
export class CallAllowances {
  readonly #callsMax: number;
  readonly #all = new Set<CallAllowance>();
  /** Calls that may begin while none ends. */
  #room = 0;
  #wanted = false;
  #roomMax = roomMost;
  #changedAtMs = 0;

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  /** Opens the allowance of a connection. */
  open(caller: Caller): CallAllowance {
    const allowance = new CallAllowance(this, caller, Math.min(firstCalls, this.#callsMax));
    this.#all.add(allowance);
    this.#room += allowance.room;
    return allowance;
  }

  /** How many calls each connection may always begin. */
  get least(): number {
    return Math.max(1, Math.min(firstCalls, Math.floor(this.#roomMax / (this.#all.size + 1))));
  }

  /** A limit for a connection that uses what it has; the same one when it can have no more. */
  more({ limit, room }: CallAllowance): number {
    const twice = Math.min(2 * limit, this.#callsMax);
    if (this.#room + twice - limit <= this.#roomMax) return twice;
    this.#wanted = true;
    return Math.min(limit + Math.max(0, this.least - room), this.#callsMax);
  }

  /** The room of one of them is another. */
  changed(allowance: CallAllowance, by: number): void {
    if (this.#all.has(allowance)) this.#room += by;
  }

  /** A connection is gone. */
  close(allowance: CallAllowance): void {
    if (this.#all.delete(allowance)) this.#room -= allowance.room;
  }

  /** Has less room, or more again: to be told often, and whether turns of the event loop were long. */
  adapt(long: boolean, nowMs: number): void {
    if (!long && (this.#roomMax === roomMost || nowMs - this.#changedAtMs < calmMs)) return;
    const wanted = long ? this.#roomMax / 2 : this.#roomMax * 2;
    this.#roomMax = Math.max(roomLeast, wanted);
    this.#changedAtMs = nowMs;
  }

  /** Takes room from those who have more than their share, if somebody needs it. To be called often. */
  look(): void {
    if (!this.#wanted && this.#room <= this.#roomMax) return;
    this.#wanted = false;
    let active = 0;
    for (const allowance of this.#all) if (allowance.active) active++;
    const { least } = this;
    const share = Math.max(least, Math.floor(this.#roomMax / (active + 1)));
    let cuts = 0;
    for (const allowance of this.#all) {
      if (cuts < cutsPerLookMax && allowance.cut(allowance.active ? share : least)) cuts++;
      allowance.active = false;
    }
  }
}

/** How many calls one connection may have; see {@link CallAllowances}. */
export class CallAllowance {
  readonly #all: CallAllowances;
  readonly #caller: Caller;
  #limit: number;
  #open = 0;
  /** When the client was last told of its limit: it has to acknowledge that. */
  toldAtMs = performance.now();
  /** Whether it has made a call since somebody looked. */
  active = false;

  constructor(all: CallAllowances, caller: Caller, limit: number) {
    this.#all = all;
    this.#caller = caller;
    this.#limit = limit;
  }

  /** Calls that it may have at once. */
  get limit(): number {
    return this.#limit;
  }

  /** Calls that it may begin while none ends. */
  get room(): number {
    return Math.max(0, this.#limit - this.#open);
  }

  /** Its HTTP/2 has begun. */
  begin(): void {
    this.cut(this.#all.least);
    this.#caller.http2?.on('localSettings', () => this.#growIfUsed());
  }

  /** A call has begun, or is over. */
  update(): void {
    const before = this.room;
    const { size } = this.#caller.calls;
    const began = size > this.#open;
    this.#open = size;
    this.#all.changed(this, this.room - before);
    if (!began) return;
    this.active = true;
    this.#growIfUsed();
  }

  /** Takes what room it has beyond this; false when it has no more, or has yet to hear of another limit. */
  cut(room: number): boolean {
    return this.room > room && this.#set(this.#open + room);
  }

  close(): void {
    this.#all.close(this);
  }

  #growIfUsed(): void {
    if (4 * this.room > this.#limit || this.#caller.http2?.pendingSettingsAck !== false) return;
    const limit = this.#all.more(this);
    if (limit > this.#limit) this.#set(limit);
  }

  #set(limit: number): boolean {
    const { http2 } = this.#caller;
    if (http2 === undefined || http2.closed || http2.destroyed) return false;
    // What it is told first is set when its HTTP/2 begins; later, one at a time.
    if (http2.pendingSettingsAck && this.#open > 0) return false;
    const before = this.room;
    this.#limit = limit;
    this.#all.changed(this, this.room - before);
    this.toldAtMs = performance.now();
    http2.settings({ maxConcurrentStreams: limit });
    return true;
  }
}
