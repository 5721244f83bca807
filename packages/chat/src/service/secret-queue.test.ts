import { Status } from '@tandem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { type SecretHasher, SecretQueue } from './secret-queue.ts';

const waitingMax = 64;

/** Hashes one secret when it is told to. */
class HeldHasher implements SecretHasher {
  /** The secrets whose hashing has begun, in order. */
  readonly begun: string[] = [];
  /** The number of secrets that are worked on. */
  hashing = 0;
  #end = () => {};

  hash(secret: string): Promise<string | undefined> {
    return this.#hold(secret, secret === 'common' ? undefined : `hash of ${secret}`);
  }

  verify(secret: string, phc: string | undefined): Promise<boolean> {
    return this.#hold(secret, phc === `hash of ${secret}`);
  }

  async close(): Promise<void> {}

  /** Ends the one that is worked on, and lets the next one begin. */
  async finish(): Promise<void> {
    this.#end();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async finishAll(): Promise<void> {
    while (this.hashing > 0) await this.finish();
  }

  /** Ends what is worked on until a secret is done. Returns how many were done before it. */
  async finishedBefore(secret: string): Promise<number> {
    let finished = 0;
    while (this.hashing > 0 && this.begun.at(-1) !== secret) {
      await this.finish();
      finished++;
    }
    await this.finish();
    return finished;
  }

  async #hold<Result>(secret: string, result: Result): Promise<Result> {
    this.begun.push(secret);
    this.hashing++;
    await new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    this.hashing--;
    return result;
  }
}

function client(address: string, isGone = () => false): Asker {
  return { origin: { address }, isGone };
}

/** So many connections of each of so many addresses. */
function crowd(addresses: number, ofEach: number): Asker[] {
  return Array.from({ length: addresses * ofEach }, (_, i) => client(`flood${i % addresses}`));
}

/** Each asks so often. */
function flood(queue: SecretQueue, askers: readonly Asker[], times: number): void {
  for (let time = 0; time < times; time++) {
    for (const asker of askers) void queue.hash('flood', asker);
  }
}

function open(
  max = waitingMax,
  users = new Set<Origin>(),
): [queue: SecretQueue, hasher: HeldHasher] {
  const hasher = new HeldHasher();
  return [new SecretQueue(hasher, max, (origin) => users.has(origin)), hasher];
}

describe('secrets that wait', () => {
  it('are hashed one at a time, those of a connection in order', async () => {
    const [queue, hasher] = open();
    const here = client('here');
    const hashes = ['a', 'b', 'common'].map((secret) => queue.hash(secret, here));
    const verified = queue.verify('a', 'hash of a', here);
    expect([hasher.begun, queue.waiting]).toEqual([['a'], 4]);
    await hasher.finish();
    expect([hasher.begun, queue.waiting]).toEqual([['a', 'b'], 3]);
    await hasher.finishAll();
    expect(await Promise.all(hashes)).toEqual(['hash of a', 'hash of b', undefined]);
    expect([await verified, queue.waiting]).toEqual([true, 0]);
  });

  it('go on behind one that failed', async () => {
    const failing: SecretHasher = {
      hash: () => Promise.reject(new Error('the thread has ended')),
      verify: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    };
    const queue = new SecretQueue(failing, waitingMax, () => false);
    const failed = queue.hash('a', client('here'));
    const verified = queue.verify('b', 'hash of b', client('here'));
    await expect(failed).rejects.toThrow('has ended');
    expect(await verified).toBe(true);
  });

  it('are not hashed when their client is gone before their turn', async () => {
    const [queue, hasher] = open();
    let gone = false;
    const first = queue.hash('first', client('here'));
    const dropped = queue.verify(
      'dropped',
      undefined,
      client('here', () => gone),
    );
    const last = queue.hash('last', client('here'));
    gone = true;
    await hasher.finishAll();
    expect(hasher.begun).toEqual(['first', 'last']);
    expect(await Promise.all([first, dropped, last])).toEqual([
      'hash of first',
      Status.tooBusy,
      'hash of last',
    ]);
  });
});

describe('a flood of secrets', () => {
  it('takes no place from a user, who takes one from it', async () => {
    const user = client('flood0');
    const [queue, hasher] = open(waitingMax, new Set([user.origin]));
    flood(queue, crowd(1, 1), 200);
    const hashed = queue.hash('new', user);
    flood(queue, crowd(10, 1), 200);
    await hasher.finishAll();
    expect(await hashed).toBe('hash of new');
  });

  it.each([
    ['one connection', 1, 1, 200],
    ['a hundred connections of one address', 1, 100, 3],
    ['ten addresses with twenty connections each', 10, 20, 3],
  ])('costs another address at most a turn of each: %s', async (_, addresses, ofEach, times) => {
    const [queue, hasher] = open();
    flood(queue, crowd(addresses, ofEach), times);
    expect(queue.waiting).toBe(waitingMax);
    const honest = client('honest');
    const verified = queue.verify('honest', 'hash of honest', honest);
    expect(queue.waiting).toBe(waitingMax);
    expect(await hasher.finishedBefore('honest')).toBeLessThanOrEqual(1 + addresses);
    expect(await verified).toBe(true);

    flood(queue, crowd(addresses, ofEach), times);
    const hashed = queue.hash('honest', honest);
    expect(await hasher.finishedBefore('honest')).toBeLessThanOrEqual(1 + addresses);
    expect(await hashed).toBe('hash of honest');
    await hasher.finishAll();
    expect(queue.waiting).toBe(0);
  });

  it.each([
    ['one connection', 1, 200],
    ['a hundred connections', 100, 5],
  ])('costs others of its address two turns, when it goes on: %s', async (_, ofEach, times) => {
    const [queue, hasher] = open();
    const askers = crowd(1, ofEach);
    flood(queue, askers, times);
    await hasher.finishAll();
    flood(queue, askers, times);
    const verified = queue.verify('honest', 'hash of honest', client('flood0'));
    expect(await hasher.finishedBefore('honest')).toBeLessThanOrEqual(2);
    expect(await verified).toBe(true);
    await hasher.finishAll();
  });

  it('is refused where most of it waits, and has no more places than there are', async () => {
    const [queue, hasher] = open(4);
    const greedy = client('greedy');
    const outcomes = Array.from({ length: 6 }, () => queue.hash('greedy', greedy));
    const others = ['b', 'c', 'd'].map((address) => queue.hash(address, client(address)));
    // Each has one place now: another one would only change places with them.
    expect(await queue.hash('e', client('e'))).toBe(Status.tooBusy);
    expect(queue.waiting).toBe(4);
    await hasher.finishAll();
    expect(await Promise.all(others)).toEqual(['hash of b', 'hash of c', 'hash of d']);
    const refused = (await Promise.all(outcomes)).filter((outcome) => outcome === Status.tooBusy);
    expect(refused).toHaveLength(5);
  });

  it('leaves nobody without a response, and each connection its order, whoever asks', async () => {
    const step = fc.oneof(fc.nat(8), fc.constant('finish' as const));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, max) => {
          const [queue, hasher] = open(max);
          const askers = Array.from({ length: 9 }, (_, i) => client(`address${i % 3}`));
          const outcomes: Promise<string | number | undefined>[] = [];
          for (const [i, who] of steps.entries()) {
            if (who === 'finish') await hasher.finish();
            else outcomes.push(queue.hash(`${who} ${i}`, askers[who] as Asker));
            expect(queue.waiting).toBeLessThanOrEqual(max);
          }
          await hasher.finishAll();
          const answered = await Promise.all(outcomes);
          const hashed = answered.filter((outcome) => outcome !== Status.tooBusy);
          expect(hashed).toHaveLength(hasher.begun.length);
          for (const who of askers.keys()) {
            const own = hasher.begun.filter((secret) => secret.startsWith(`${who} `));
            const numbers = own.map((secret) => Number(secret.split(' ')[1]));
            expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          }
        },
      ),
    );
  });
});
