import { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type Admission,
  type CallAllowance,
  CallAllowances,
  firstCalls,
} from './call-allowance.ts';

const callsMax = 1_000;
const roomMax = 1_024;

/** The HTTP/2 of a client that acknowledges a limit when it is told to. */
class Session extends EventEmitter {
  limit = firstCalls;
  /** The number of times that it was told of less. */
  cuts = 0;
  closed = false;
  destroyed = false;
  pendingSettingsAck = false;

  settings({ maxConcurrentStreams }: { maxConcurrentStreams: number }): void {
    if (maxConcurrentStreams < this.limit) this.cuts++;
    this.limit = maxConcurrentStreams;
    this.pendingSettingsAck = true;
  }

  acknowledge(): void {
    this.pendingSettingsAck = false;
    this.emit('localSettings');
  }
}

class Client {
  readonly calls = new Set<number>();
  callsWaiting = 0;
  callsStaying = 0;
  isUser: boolean;
  readonly session = new Session();
  readonly allowance: CallAllowance;

  constructor(all: CallAllowances, { acknowledges = true, isUser = true } = {}) {
    this.isUser = isUser;
    this.allowance = all.open(this);
    this.allowance.update();
    this.allowance.begin();
    if (acknowledges) this.session.acknowledge();
  }

  get http2(): ServerHttp2Session {
    return this.session as unknown as ServerHttp2Session;
  }

  get room(): number {
    return this.session.limit - this.calls.size;
  }

  /** Begins as many calls as it may, and acknowledges its limits, as long as that gives it more. */
  fill(): void {
    while (this.room > 0) {
      this.calls.add(this.calls.size);
      this.allowance.update();
      this.session.acknowledge();
    }
  }

  end(): void {
    this.calls.clear();
    this.allowance.update();
  }
}

const clients = (all: CallAllowances, count: number, isUser = true) =>
  Array.from({ length: count }, () => new Client(all, { isUser }));
let nowMs = 0;

/** Looks so long after the last time. */
function look(all: CallAllowances, afterMs = 1_000): void {
  nowMs += afterMs;
  all.look(nowMs);
}

const roomOf = (some: readonly Client[]) => some.reduce((sum, { room }) => sum + room, 0);

describe('the allowance of a connection', () => {
  it('grows with what it uses, up to the limit', () => {
    const client = new Client(new CallAllowances(callsMax));
    expect(client.session.limit).toBe(firstCalls);
    client.fill();
    expect([client.session.limit, client.calls.size]).toEqual([callsMax, callsMax]);
  });

  it('is no more than the limit from the beginning', () => {
    const client = new Client(new CallAllowances(2));
    expect(client.allowance.limit).toBe(2);
  });

  it('does not grow as long as the client has not acknowledged the last one', () => {
    const client = new Client(new CallAllowances(callsMax));
    client.session.pendingSettingsAck = true;
    for (let i = 0; i < firstCalls; i++) client.calls.add(i);
    client.allowance.update();
    expect(client.session.limit).toBe(firstCalls);
    client.session.acknowledge();
    expect(client.session.limit).toBe(2 * firstCalls);
  });

  it('does not grow with calls whose message does not come, and does when it comes', () => {
    const client = new Client(new CallAllowances(callsMax));
    client.callsWaiting = firstCalls;
    client.fill();
    expect([client.session.limit, client.calls.size]).toEqual([firstCalls, firstCalls]);
    client.callsWaiting = firstCalls / 2;
    client.allowance.arrived();
    expect(client.session.limit).toBe(2 * firstCalls);
  });

  it('is left alone when its HTTP/2 is gone', () => {
    const client = new Client(new CallAllowances(callsMax));
    client.session.destroyed = true;
    client.fill();
    expect(client.session.limit).toBe(firstCalls);
  });
});

describe('the allowances of all connections', () => {
  it.each([1, 10, 50, 200, 1_000])(
    '%i of them may begin as many calls as one turn can take',
    (count) => {
      const all = new CallAllowances(callsMax);
      const busy = clients(all, count);
      for (let round = 0; round < 2; round++) {
        for (const client of busy) client.fill();
        for (const client of busy) client.end();
        // What is open no longer is room; it is taken back in a few looks.
        for (let second = 0; second < 8; second++) {
          look(all);
          for (const { session } of busy) session.acknowledge();
        }
        expect(roomOf(busy)).toBeLessThanOrEqual(roomMax);
        expect(busy.every(({ room }) => room >= 1)).toBe(true);
      }
    },
  );

  it('go from those who make no calls to those who do', () => {
    const all = new CallAllowances(callsMax);
    const idle = clients(all, 20);
    for (const client of idle) client.fill();
    for (const client of idle) client.end();
    for (let second = 0; second < 8; second++) {
      look(all);
      for (const { session } of idle) session.acknowledge();
    }
    const busy = new Client(all);
    for (let round = 0; round < 8; round++) {
      busy.fill();
      busy.end();
      look(all);
      busy.session.acknowledge();
      for (const { session } of idle) session.acknowledge();
    }
    busy.fill();
    expect(busy.calls.size).toBeGreaterThan(200);
  });

  it('give room back with a connection that is gone, whatever ends after it', () => {
    const all = new CallAllowances(callsMax);
    for (let i = 0; i < 20; i++) {
      const client = new Client(all);
      client.fill();
      client.allowance.close();
      client.end();
      client.allowance.close();
    }
    const last = new Client(all);
    last.fill();
    expect(last.calls.size).toBe(callsMax);
  });

  it('always let who keeps calls open begin another one', () => {
    const all = new CallAllowances(callsMax);
    const many = clients(all, 300);
    for (const client of many) client.fill();
    expect(many.every(({ calls }) => calls.size === callsMax)).toBe(true);
  });

  it('shrink while turns are long, and grow again when they have been short for a while', () => {
    const all = new CallAllowances(callsMax);
    const busy = clients(all, 10);
    const settle = () => {
      for (let round = 0; round < 8; round++) {
        for (const client of busy) client.fill();
        for (const client of busy) client.end();
        look(all);
        for (const { session } of busy) session.acknowledge();
      }
      return roomOf(busy);
    };
    const before = settle();
    all.adapt(true, 0);
    const least = settle();
    expect(least).toBeLessThanOrEqual(roomMax / 8);
    expect(busy.every(({ room }) => room >= firstCalls)).toBe(true);
    all.adapt(false, 970);
    expect(settle()).toBeLessThanOrEqual(roomMax / 8);
    for (let second = 2; second < 10; second++) all.adapt(false, 1_000 * second);
    expect(settle()).toBe(before);
  });
});

// HTTP/2 refuses what a client had sent when its limit became less. A library makes such a call again, once.
describe('the limit of who is cut', () => {
  /** They make as many calls as they may, end them, and take what they are told. */
  function use(some: readonly Client[]): void {
    for (const client of some) client.fill();
    for (const client of some) client.end();
    for (const { session } of some) session.acknowledge();
  }
  const cutsOf = (some: readonly Client[]) => some.map(({ session }) => session.cuts);

  it.each([1, 2, 5, 20])(
    'does not go up and down while the same %i strangers make calls',
    (count) => {
      const all = new CallAllowances(callsMax);
      const busy = clients(all, count, false);
      for (let second = 0; second < 3; second++) {
        use(busy);
        look(all);
      }
      const before = cutsOf(busy);
      for (let round = 0; round < 100; round++) {
        use(busy);
        look(all, 20);
      }
      expect(cutsOf(busy)).toEqual(before);
    },
  );

  it.each([true, false])('becomes less once a second, and in one step, of users: %s', (isUser) => {
    const all = new CallAllowances(callsMax);
    const busy = clients(all, 1, isUser);
    use(busy);
    look(all);
    const [{ session }] = busy as [Client];
    let cuts = 0;
    for (let second = 0; second < 5; second++) {
      for (let round = 0; round < 49; round++) {
        if (round < 5) busy.push(new Client(all, { isUser }));
        use(busy);
        all.adapt(true, nowMs);
        look(all, 20);
      }
      expect(session.cuts - cuts).toBeLessThanOrEqual(1);
      cuts = session.cuts;
      nowMs += 20;
    }
    expect(cuts).toBeGreaterThan(0);
  });

  it('may be less than the calls that are open, which then count until they are over', () => {
    const all = new CallAllowances(callsMax);
    const one = new Client(all, { isUser: false });
    one.fill();
    const other = new Client(all, { isUser: false });
    other.fill();
    look(all);
    expect([one.calls.size, one.session.limit]).toEqual([64, 32]);
    one.session.acknowledge();
    other.end();
    other.fill();
    expect(other.calls.size).toBe(firstCalls);
    one.end();
    other.end();
    other.fill();
    expect(other.calls.size).toBe(32);
  });
});

describe('the calls of strangers', () => {
  const strangersRoom = 64;
  const callsOf = (some: readonly Client[]) => some.reduce((sum, { calls }) => sum + calls.size, 0);

  it.each([1, 4, 10])('are as many as their room has, of %i connections together', (count) => {
    const all = new CallAllowances(callsMax);
    const many = clients(all, count, false);
    for (let round = 0; round < 8; round++) {
      for (const client of many) client.fill();
      look(all);
      for (const { session } of many) session.acknowledge();
    }
    expect(callsOf(many)).toBeGreaterThanOrEqual(strangersRoom / 2);
    expect(callsOf(many)).toBeLessThanOrEqual(strangersRoom + 2 * firstCalls);
  });

  it('are one on each connection where there are many, and another when that is over', () => {
    const all = new CallAllowances(callsMax);
    const many = clients(all, 600, false);
    const last = many.at(-1) as Client;
    last.fill();
    expect(last.calls.size).toBe(1);
    last.end();
    last.fill();
    expect(last.calls.size).toBe(1);
  });

  it('do not count when they are streams, beside which others may begin', () => {
    const all = new CallAllowances(callsMax);
    clients(all, 600, false);
    const client = new Client(all, { isUser: false });
    for (let streams = 1; streams < 10; streams++) {
      client.fill();
      expect(client.calls.size).toBe(streams);
      client.callsStaying = streams;
      client.allowance.update();
      client.allowance.arrived();
      client.session.acknowledge();
    }
  });

  it('take no room from users, and count as those of one once somebody has logged in', () => {
    const all = new CallAllowances(callsMax);
    for (const client of clients(all, 600, false)) client.fill();
    const client = new Client(all, { isUser: false });
    client.fill();
    expect(client.calls.size).toBe(1);
    client.isUser = true;
    client.end();
    client.fill();
    expect(client.calls.size).toBe(callsMax);
  });

  it('are counted no more when their connection is gone', () => {
    const all = new CallAllowances(callsMax);
    for (const client of clients(all, 600, false)) {
      client.fill();
      client.allowance.close();
      client.end();
    }
    const last = new Client(all, { isUser: false });
    last.fill();
    expect(last.calls.size).toBe(strangersRoom);
  });
});

describe('the calls of a client that has acknowledged no limit', () => {
  const silent = (all: CallAllowances) => new Client(all, { acknowledges: false, isUser: false });

  /** Makes calls until one is not admitted. Returns how many were, and the response to the last one. */
  function call({ allowance }: Client, most: number): [number, Admission] {
    for (let count = 0; count < most; count++) {
      const admission = allowance.admit();
      if (admission !== 'admitted') return [count, admission];
    }
    return [most, 'admitted'];
  }

  it('are 16 in one turn, and more are a flood', async () => {
    const client = silent(new CallAllowances(callsMax));
    for (let turn = 0; turn < 3; turn++) {
      expect(call(client, 16)).toEqual([16, 'admitted']);
      await nextTurn();
    }
    expect(call(client, 17)).toEqual([16, 'flood']);
  });

  it('are 128 in all, and more are too many', async () => {
    const client = silent(new CallAllowances(callsMax));
    for (let turn = 0; turn < 8; turn++) {
      expect(call(client, 16)).toEqual([16, 'admitted']);
      await nextTurn();
    }
    expect(call(client, 16)).toEqual([0, 'tooMany']);
  });

  it.each([128, 600])('are as many beside %i other connections, whatever its limit', (count) => {
    const all = new CallAllowances(callsMax);
    clients(all, count, false);
    const client = silent(all);
    expect(client.session.limit).toBeLessThan(firstCalls);
    for (let second = 0; second < 8; second++) look(all);
    expect(call(client, 17)).toEqual([16, 'flood']);
  });

  it('are twice its limit in a turn in which all such clients together have filled the room', async () => {
    const all = new CallAllowances(callsMax);
    const many = Array.from({ length: 600 }, () => silent(all));
    const last = many.at(-1) as Client;
    expect(last.session.limit).toBe(1);
    for (const client of many.slice(0, roomMax / 16)) {
      expect(call(client, 16)).toEqual([16, 'admitted']);
    }
    expect(call(last, 17)).toEqual([2, 'flood']);
    await nextTurn();
    expect(call(last, 16)).toEqual([16, 'admitted']);
  });

  it('are counted no more once it has acknowledged one', () => {
    const client = silent(new CallAllowances(callsMax));
    expect(call(client, 10)).toEqual([10, 'admitted']);
    client.session.acknowledge();
    expect(call(client, 1_000)).toEqual([1_000, 'admitted']);
  });
});
