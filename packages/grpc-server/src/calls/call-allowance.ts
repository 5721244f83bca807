import type { ServerHttp2Session } from 'node:http2';

/** The calls that each connection may have at first, and the least that it keeps while there are few. */
export const firstCalls = 8;

// The calls that all connections together may begin while none ends; more only with more connections, as
// each may always begin one. A call costs about 30 µs before it can be made to wait.
const roomMost = 1_024;

// The least room, to which it is halved again and again while turns of the event loop are long.
const roomLeast = 128;

// The time of short turns after which the room is doubled again.
const calmMs = 1_000;

// Each cut sends a frame of SETTINGS. More of them wait for the next look.
const cutsPerLookMax = 256;

// The calls that a client may begin before it has acknowledged its limit, ended ones included: in one turn
// of the event loop, and in all. HTTP/2 lets no more of them be open than the limit that it was told, so
// more come in one turn only from a client that ends them as it begins them. Clients that do not wait for
// the limit begin up to 100.
const earlyCallsPerTurn = 16;
const earlyCallsMax = 128;

// The same in a turn in which all such clients together have filled the room, for each call that the
// client may have at once.
const earlyCallsPerCall = 2;

/**
 * The answer to a call that has come. A `flood` is more in one turn than clients begin that want answers;
 * `tooMany` come over several turns, from one that does not acknowledge its limit.
 */
export type Admission = 'admitted' | 'tooMany' | 'flood';

/** The connection of an allowance. */
interface Caller {
  readonly calls: ReadonlySet<unknown>;
  /** The number of them whose message is due and has not come. */
  readonly callsWaiting: number;
  readonly http2: ServerHttp2Session | undefined;
}

/**
 * Shares the calls that connections may begin. HTTP/2 decodes and announces all calls in what a socket
 * has read before any of them can be made to wait. So a turn of the event loop is bounded by the calls
 * that connections may begin in it: the room between their open calls and their limit
 * (SETTINGS_MAX_CONCURRENT_STREAMS), which nghttp2 enforces as soon as it is set.
 *
 * A connection begins with a low limit. It is doubled when it is used, up to `callsMax`, while there is
 * room. When there is none, connections that make calls share it evenly, and others keep the least. Calls
 * whose message does not come are no use: who makes many of them gets no more.
 */
export class CallAllowances {
  readonly #callsMax: number;
  readonly #all = new Set<CallAllowance>();
  /** Calls that may begin while none ends. */
  #room = 0;
  #wanted = false;
  #roomMax = roomMost;
  #changedAtMs = 0;
  /** The calls in this turn of clients that have acknowledged no limit. */
  #early = 0;
  #turn = 0;

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

  /** The number of calls that each connection may always begin. */
  get least(): number {
    return Math.max(1, Math.min(firstCalls, Math.floor(this.#roomMax / (this.#all.size + 1))));
  }

  /** Returns a higher limit for a connection that uses its limit; the same one when there is no room. */
  more({ limit, room }: CallAllowance): number {
    const twice = Math.min(2 * limit, this.#callsMax);
    if (this.#room + twice - limit <= this.#roomMax) return twice;
    this.#wanted = true;
    return Math.min(limit + Math.max(0, this.least - room), this.#callsMax);
  }

  /** Notes a change of the room of one connection. */
  changed(allowance: CallAllowance, by: number): void {
    if (this.#all.has(allowance)) this.#room += by;
  }

  /** The number of the turn in which calls before an acknowledgement are counted. */
  get turn(): number {
    return this.#turn;
  }

  /** Counts a call before an acknowledgement. Returns true when those of this turn have filled the room. */
  countEarly(): boolean {
    if (this.#early === 0) {
      setImmediate(() => {
        this.#early = 0;
        this.#turn++;
      });
    }
    return ++this.#early > this.#roomMax;
  }

  /** Drops the allowance of a connection that is gone. */
  close(allowance: CallAllowance): void {
    if (this.#all.delete(allowance)) this.#room -= allowance.room;
  }

  /** Lowers or raises the room. To be called often. @param long true when turns of the event loop were long */
  adapt(long: boolean, nowMs: number): void {
    if (!long && (this.#roomMax === roomMost || nowMs - this.#changedAtMs < calmMs)) return;
    const wanted = long ? this.#roomMax / 2 : this.#roomMax * 2;
    this.#roomMax = Math.max(roomLeast, wanted);
    this.#changedAtMs = nowMs;
  }

  /** Takes room from connections with more than their share, if others need it. To be called often. */
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

/** The calls that one connection may have; see {@link CallAllowances}. */
export class CallAllowance {
  readonly #all: CallAllowances;
  readonly #caller: Caller;
  #limit: number;
  #open = 0;
  #acknowledged = false;
  #early = 0;
  #earlyInTurn = 0;
  #turn = 0;
  /** The time when the limit was last sent, which the client has to acknowledge. */
  toldAtMs = performance.now();
  /** True when it has made a call since the last look. */
  active = false;

  constructor(all: CallAllowances, caller: Caller, limit: number) {
    this.#all = all;
    this.#caller = caller;
    this.#limit = limit;
  }

  /** The calls that it may have at once. */
  get limit(): number {
    return this.#limit;
  }

  /** The calls that it may begin while none ends. */
  get room(): number {
    return Math.max(0, this.#limit - this.#open);
  }

  /** Begins with the HTTP/2 of the connection. */
  begin(): void {
    this.cut(this.#all.least);
    this.#caller.http2?.on('localSettings', () => {
      this.#acknowledged = true;
      this.#growIfUsed();
    });
  }

  /**
   * Counts a call that has come, and tells whether it is too much of a client that has acknowledged no limit
   * yet. Until then HTTP/2 counts open calls alone: those that are reset at once are not limited. From then
   * on it counts each until the end of the turn.
   */
  admit(): Admission {
    if (this.#acknowledged) return 'admitted';
    const crowded = this.#all.countEarly();
    if (this.#turn !== this.#all.turn) {
      this.#turn = this.#all.turn;
      this.#earlyInTurn = 0;
    }
    const most = crowded ? earlyCallsPerCall * this.#limit : earlyCallsPerTurn;
    if (++this.#earlyInTurn > Math.min(most, earlyCallsPerTurn)) return 'flood';
    return ++this.#early > earlyCallsMax ? 'tooMany' : 'admitted';
  }

  /** Counts the open calls again: one has begun, or is over. */
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

  /** Notes that the message of a call has come. */
  arrived(): void {
    this.#growIfUsed();
  }

  /** Takes the room beyond this. Returns false when there is none, or the last limit is not acknowledged yet. */
  cut(room: number): boolean {
    return this.room > room && this.#set(this.#open + room);
  }

  close(): void {
    this.#all.close(this);
  }

  #growIfUsed(): void {
    if (4 * this.room > this.#limit || 2 * this.#caller.callsWaiting > this.#limit) return;
    if (this.#caller.http2?.pendingSettingsAck !== false) return;
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
