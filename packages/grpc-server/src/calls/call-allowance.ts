import type { ServerHttp2Session } from 'node:http2';
import { TurnCount, TurnShare } from './turn-count.ts';

/** The calls that each connection may have at first, and the least that it keeps while there are few. */
export const firstCalls = 8;

// The calls that all connections of users together may begin while none ends; more only with more
// connections, as each may always begin one. A call costs about 30 µs before it can be made to wait.
const roomMost = 1_024;

// The unary calls that all strangers together may have or begin; more only with more connections, as each may
// always have one. What waits for its response is kept in memory, and each collection of garbage looks at it.
const strangersRoomMost = 64;

// The room once a turn of the event loop was long. In steps, a connection would be cut several times.
const roomLeast = 128;

// The time of short turns after which it is doubled, until it is whole again.
const calmMs = 1_000;

// The time for which a connection that was cut keeps its limit. What its client had sent by then is refused, and the
// client makes it again, once: a library gives up a call that is refused twice. [gRFC A6]
const keptMs = 1_000;

// The time after which a connection that makes no calls counts as one that makes none, and up to twice as long.
const activeMs = 1_000;

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
 * The response to a call that has come. A `flood` is more in one turn than clients begin that want answers;
 * `tooMany` come over several turns, from one that does not acknowledge its limit.
 */
export type Admission = 'admitted' | 'tooMany' | 'flood';

/** The connection of an allowance. */
interface Caller {
  /** True while somebody is logged in on it. */
  readonly isUser: boolean;
  readonly calls: { readonly size: number };
  /** The number of them that stay open as long as their client likes: streams. */
  readonly callsStaying: number;
  /** The number of them whose message is due and has not come. */
  readonly callsWaiting: number;
  readonly http2: ServerHttp2Session | undefined;
}

/** The room of one kind of client, and the connections that share it. */
class Room {
  readonly shares = new Set<CallAllowance>();
  /** Calls that are counted. */
  calls = 0;
  /** True when a connection wanted more of its share than there was. */
  wanted = false;
  /** The most that each connection gets of it while others make calls, too. */
  share = Infinity;

  add(allowance: CallAllowance): void {
    this.shares.add(allowance);
    this.calls += allowance.counted;
  }

  remove(allowance: CallAllowance, counted: number): void {
    this.shares.delete(allowance);
    this.calls -= counted;
  }

  /** Divides so many calls evenly among the connections that have made calls of late. */
  divide(most: number): void {
    let active = 0;
    for (const allowance of this.shares) if (allowance.active) active++;
    this.share = Math.max(this.least(most), Math.floor(most / Math.max(1, active)));
  }

  /** The number of calls that each connection may always begin, of so many in all. */
  least(most: number): number {
    return Math.max(1, Math.min(firstCalls, Math.floor(most / (this.shares.size + 1))));
  }
}

/**
 * Shares the calls that connections may begin. HTTP/2 decodes and announces all calls in what a socket
 * has read before any of them can be made to wait. So a turn of the event loop is bounded by the calls
 * that connections may begin in it: the room between their open calls and their limit
 * (SETTINGS_MAX_CONCURRENT_STREAMS), which nghttp2 enforces as soon as it is set.
 *
 * A connection begins with a low limit. It is doubled when it is used, up to `callsMax` and to its share of
 * the room: connections that make calls share it evenly. When there is no room, who has more than its share is
 * cut to it, and who makes no calls to the least. So nobody is cut unless more connections make calls, or the room
 * has become less. Calls whose message does not come are no use: who makes many of them gets no more.
 *
 * Users and strangers have a room each. In that of strangers, unary calls count until they are over: what
 * many strangers wait for would fill the memory that each collection of garbage looks at. Streams do not,
 * since their clients wait for other calls meanwhile.
 */
export class CallAllowances {
  readonly #callsMax: number;
  readonly #ofUsers = new Room();
  readonly #ofStrangers = new Room();
  #roomMax = roomMost;
  #changedAtMs = 0;
  #period = 0;
  #periodAtMs = 0;
  /** The calls of clients that have acknowledged no limit. */
  readonly early = new TurnCount();

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  /** Opens the allowance of a connection, which is a stranger's. */
  open(caller: Caller): CallAllowance {
    const limit = Math.min(firstCalls, this.#callsMax);
    const allowance = new CallAllowance(this, this.#ofStrangers, caller, limit);
    this.#ofStrangers.add(allowance);
    return allowance;
  }

  /** Returns the room of one kind of client. */
  roomOf(isUser: boolean): Room {
    return isUser ? this.#ofUsers : this.#ofStrangers;
  }

  /** The number of calls that each connection of a room may always begin. */
  leastOf(room: Room): number {
    return room.least(this.#mostOf(room));
  }

  /** Returns a higher limit for a connection that uses its limit; the same one when it has its share, or nothing is left. */
  more({ limit, room, counted }: CallAllowance): number {
    const most = this.#mostOf(room);
    const upTo = (share: number) => Math.min(limit + Math.max(0, share - counted), this.#callsMax);
    const more = Math.min(2 * limit, upTo(Math.min(room.share, most)));
    if (room.calls + more - limit <= most) return more;
    room.wanted = true;
    return upTo(room.least(most));
  }

  /** The number of the present period, of a second or more. */
  get period(): number {
    return this.#period;
  }

  /** The calls that all connections of users together may begin while none ends. */
  get roomMax(): number {
    return this.#roomMax;
  }

  /** Lowers or raises the room. To be called often. @param long true when turns of the event loop were long */
  adapt(long: boolean, nowMs: number): void {
    if (!long && (this.#roomMax === roomMost || nowMs - this.#changedAtMs < calmMs)) return;
    this.#roomMax = long ? roomLeast : Math.min(roomMost, 2 * this.#roomMax);
    this.#changedAtMs = nowMs;
  }

  /** Takes room from connections with more than their share, if others need it. To be called often. */
  look(nowMs: number): void {
    const isNew = nowMs - this.#periodAtMs >= activeMs;
    if (isNew) {
      this.#period++;
      this.#periodAtMs = nowMs;
    }
    for (const room of [this.#ofUsers, this.#ofStrangers]) this.#share(room, nowMs, isNew);
  }

  #share(room: Room, nowMs: number, isNew: boolean): void {
    const most = this.#mostOf(room);
    const isFull = room.wanted || room.calls > most;
    room.wanted = false;
    if (!isFull && !isNew) return;
    room.divide(most);
    if (!isFull) return;
    const least = room.least(most);
    let cuts = 0;
    for (const allowance of room.shares) {
      if (cuts === cutsPerLookMax) return;
      if (allowance.lower(allowance.active ? room.share : least, nowMs)) cuts++;
    }
  }

  #mostOf(room: Room): number {
    return room === this.#ofUsers ? this.#roomMax : strangersRoomMost;
  }
}

/** The calls that one connection may have; see {@link CallAllowances}. */
export class CallAllowance {
  readonly #all: CallAllowances;
  readonly #caller: Caller;
  #room: Room;
  #limit: number;
  /** The calls that take no room: those of a user, and the streams of a stranger. */
  #free = 0;
  #open = 0;
  #counted: number;
  #acknowledged = false;
  #closed = false;
  #early = 0;
  readonly #earlyInTurn: TurnShare;
  /** The time when the limit was last sent, which the client has to acknowledge. */
  toldAtMs = performance.now();
  /** The period in which it has made its last call. */
  #activeIn = -Infinity;
  #cutAtMs = -Infinity;

  constructor(all: CallAllowances, room: Room, caller: Caller, limit: number) {
    this.#all = all;
    this.#room = room;
    this.#caller = caller;
    this.#limit = limit;
    this.#counted = limit;
    this.#earlyInTurn = new TurnShare(all.early);
  }

  /** The calls that it may have at once. */
  get limit(): number {
    return this.#limit;
  }

  /** The room that it shares with others. */
  get room(): Room {
    return this.#room;
  }

  /** The calls that it takes of that room. */
  get counted(): number {
    return this.#counted;
  }

  /** True when it has made a call in this period, or in the one before. */
  get active(): boolean {
    return this.#all.period - this.#activeIn <= 1;
  }

  /** Begins with the HTTP/2 of the connection. */
  begin(): void {
    this.#cut(this.#all.leastOf(this.#room));
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
    const { own, ofAll } = this.#earlyInTurn.add();
    const crowded = ofAll > this.#all.roomMax;
    const most = crowded ? earlyCallsPerCall * this.#limit : earlyCallsPerTurn;
    if (own > Math.min(most, earlyCallsPerTurn)) return 'flood';
    return ++this.#early > earlyCallsMax ? 'tooMany' : 'admitted';
  }

  /** Counts the open calls again: one has begun, or is over. */
  update(): void {
    const { size } = this.#caller.calls;
    const began = size > this.#open;
    this.#open = size;
    this.#count(this.#limit);
    if (!began) return;
    this.#activeIn = this.#all.period;
    this.#growIfUsed();
  }

  /** Notes that the message of a call has come, or need not. */
  arrived(): void {
    this.#growIfUsed();
  }

  /**
   * Takes the room beyond this. Returns false when there is none, when it was cut of late, or when the last limit is
   * not acknowledged yet.
   */
  lower(room: number, nowMs: number): boolean {
    if (nowMs - this.#cutAtMs < keptMs || !this.#cut(room)) return false;
    this.#cutAtMs = nowMs;
    return true;
  }

  #cut(room: number): boolean {
    return this.#counted > room && this.#set(this.#free + room);
  }

  /** Drops it with its connection. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#room.remove(this, this.#counted);
  }

  #growIfUsed(): void {
    const unused = this.#limit - this.#open;
    if (4 * unused > this.#limit || 2 * this.#caller.callsWaiting > this.#limit) return;
    if (this.#caller.http2?.pendingSettingsAck !== false) return;
    const limit = this.#all.more(this);
    if (limit > this.#limit) this.#set(limit);
  }

  #set(limit: number): boolean {
    const { http2 } = this.#caller;
    if (http2 === undefined || http2.closed || http2.destroyed) return false;
    // What it is told first is set when its HTTP/2 begins; later, one at a time.
    if (http2.pendingSettingsAck && this.#open > 0) return false;
    if (limit === this.#limit) return false;
    this.#count(limit);
    this.toldAtMs = performance.now();
    http2.settings({ maxConcurrentStreams: limit });
    return true;
  }

  /** Counts its calls in the room of its kind. */
  #count(limit: number): void {
    const { isUser, callsStaying } = this.#caller;
    const before = this.#counted;
    this.#limit = limit;
    this.#free = isUser ? this.#open : Math.min(this.#open, callsStaying);
    // After a cut, more may be open than the limit.
    this.#counted = Math.max(limit, this.#open) - this.#free;
    if (this.#closed) return;
    const room = this.#all.roomOf(isUser);
    if (room !== this.#room) {
      this.#room.remove(this, before);
      this.#room = room;
      room.add(this);
    } else {
      room.calls += this.#counted - before;
    }
  }
}
