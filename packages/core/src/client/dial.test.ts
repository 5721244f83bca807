import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attempt, type DialOptions, dial } from './dial.ts';
import { ConnectError } from './errors.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { ConnectionFailures } from './failures.ts';

/** An address that is being tried, and how it ends when a test says so. */
interface Tried {
  readonly attempt: Attempt;
  connect(): void;
  fail(said: string): void;
  closed: boolean;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Dials a host with these addresses. */
function start(addresses: readonly string[], more: Partial<DialOptions> = {}) {
  const tried: Tried[] = [];
  const open = (attempt: Attempt): ExchangeClient => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { place, connectTimeoutMs, signal } = attempt;
    const failures = new ConnectionFailures(place, 'socket');
    setTimeout(() => reject(failures.connectTimeout(connectTimeoutMs, false)), connectTimeoutMs);
    signal?.addEventListener('abort', () => reject(failures.connectAborted(signal.reason)));
    const fail = (said: string) => reject(failures.connectFailed(new Error(said)));
    const one: Tried = { attempt, connect: resolve, fail, closed: false };
    tried.push(one);
    const close = async () => {
      one.closed = true;
    };
    return { connected: promise, place, close } as unknown as ExchangeClient;
  };
  const connecting = dial({
    host: 'name',
    port: 5,
    transport: 'socket',
    connectTimeoutMs: 10_000,
    lookUp: async () => addresses,
    open,
    ...more,
  });
  connecting.catch(() => {});
  const addressesTried = () => tried.map(({ attempt }) => attempt.place.address);
  return { connecting, tried, addressesTried };
}

describe('dial', () => {
  it('takes an address that answers late, though another has failed long before', async () => {
    const { connecting, tried } = start(['192.0.2.1', '192.0.2.2']);
    await vi.advanceTimersByTimeAsync(250);
    tried[1]?.fail('connect ECONNREFUSED');
    await vi.advanceTimersByTimeAsync(9_000);
    tried[0]?.connect();
    expect((await connecting).place.address).toBe('192.0.2.1');
  });

  it('tries the next address when the one before it has had its head start, or failed', async () => {
    const { tried, addressesTried } = start(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    await vi.advanceTimersByTimeAsync(249);
    expect(addressesTried()).toEqual(['192.0.2.1']);
    await vi.advanceTimersByTimeAsync(1);
    expect(addressesTried()).toEqual(['192.0.2.1', '192.0.2.2']);
    tried[1]?.fail('connect EHOSTUNREACH');
    await vi.advanceTimersByTimeAsync(0);
    expect(addressesTried()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  it('tries every address, however little time there is', async () => {
    const addresses = Array.from({ length: 40 }, (_, index) => `192.0.2.${index + 1}`);
    const { connecting, addressesTried } = start(addresses, { connectTimeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(addressesTried()).toEqual(addresses.slice(0, 16));
    await expect(connecting).rejects.toMatchObject({ code: 'connect-timeout' });
  });

  it('takes IPv6 and IPv4 in turn, the family first that the system prefers, each address once', async () => {
    const found = ['::1', '::2', '::2', '::3', '192.0.2.1', '192.0.2.2'];
    const { connecting, addressesTried } = start(found);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(addressesTried()).toEqual(['::1', '192.0.2.1', '::2', '192.0.2.2', '::3']);
    await expect(connecting).rejects.toThrow('at [::1]:5');
  });

  it('gives up the others when one connects, and closes one that connects all the same', async () => {
    const { connecting, tried } = start(['192.0.2.1', '192.0.2.2']);
    await vi.advanceTimersByTimeAsync(250);
    tried[0]?.connect();
    tried[1]?.connect();
    await connecting;
    expect(tried[1]?.attempt.signal?.aborted).toBe(true);
    expect(tried.map(({ closed }) => closed)).toEqual([false, true]);
    expect(vi.getTimerCount()).toBe(2);
  });

  it.each([
    [['ECONNREFUSED', 'ECONNREFUSED'], 'at 192.0.2.1:5 and 192.0.2.2:5, nobody listens there'],
    [
      ['EHOSTUNREACH', 'ECONNREFUSED'],
      'at 192.0.2.1:5, there is no route to it (EHOSTUNREACH); at 192.0.2.2:5, nobody listens there',
    ],
    [['ESOMETHING new', 'EPERM'], 'at 192.0.2.1:5, connect ESOMETHING new; at 192.0.2.2:5, this'],
  ])('says of each address why it did not do (%#)', async (codes, said) => {
    const { connecting, tried } = start(['192.0.2.1', '192.0.2.2']);
    await vi.advanceTimersByTimeAsync(250);
    for (const [index, code] of codes.entries()) tried[index]?.fail(`connect ${code}`);
    const error = await connecting.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.message).toContain(`cannot connect to name:5: ${said}`);
    expect(error.cause.errors).toHaveLength(2);
  });

  it('says why at once when there is one address', async () => {
    const { connecting, tried } = start(['192.0.2.1']);
    await vi.advanceTimersByTimeAsync(0);
    tried[0]?.fail('connect ENETUNREACH');
    await expect(connecting).rejects.toThrow(
      'cannot connect to name (192.0.2.1:5): there is no route to it (ENETUNREACH); ',
    );
  });

  it('counts the time that the name took', async () => {
    const { connecting, tried } = start([], {
      lookUp: () => new Promise((resolve) => setTimeout(() => resolve(['192.0.2.1']), 4_000)),
    });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(tried[0]?.attempt.connectTimeoutMs).toBe(6_000);
    await vi.advanceTimersByTimeAsync(6_000);
    await expect(connecting).rejects.toThrow('it did not answer within 6 s');
  });

  it('gives up a name that is being looked up when the signal is aborted', async () => {
    const controller = new AbortController();
    const lookUp = () => new Promise<string[]>(() => {});
    const { connecting } = start([], { signal: controller.signal, lookUp });
    controller.abort('changed my mind');
    await expect(connecting).rejects.toMatchObject({ code: 'closed', cause: 'changed my mind' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says why an address cannot even be tried', async () => {
    const open = () => {
      throw new TypeError('no such thing');
    };
    const { connecting } = start(['192.0.2.1'], { open });
    await expect(connecting).rejects.toMatchObject({ code: 'connect-failed' });
  });
});
