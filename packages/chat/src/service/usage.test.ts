import { describe, expect, it } from 'vitest';
import { Usage, unlimitedUsage } from './usage.ts';

let now = 0;
const usageOf = (limits: object) => new Usage({ ...unlimitedUsage, ...limits }, () => now);

/** Returns the number of times that something may be done until it may not. */
function countOf(use: () => number): number {
  for (let count = 0; count < 10_000; count++) if (use() > 0) return count;
  return Number.POSITIVE_INFINITY;
}

describe('Usage', () => {
  it('bounds nothing unless it is told to', () => {
    const usage = usageOf({});
    const share = usage.shareOf('here');
    expect(countOf(() => usage.register('here'))).toBe(Number.POSITIVE_INFINITY);
    expect(countOf(() => share.send('ann'))).toBe(Number.POSITIVE_INFINITY);
    expect(countOf(() => share.search())).toBe(Number.POSITIVE_INFINITY);
    expect(usage.mayStore(1e15, 300)).toBe(true);
  });

  it('gives an address its registers, and as many again in a minute', () => {
    const usage = usageOf({ registersPerAddress: 60 });
    expect(countOf(() => usage.register('here'))).toBe(60);
    expect(countOf(() => usage.register('there'))).toBe(60);
    expect(usage.register('here')).toBeCloseTo(1_000);
    now += 30_000;
    expect(countOf(() => usage.register('here'))).toBe(30);
  });

  it('gives a user their sends, whatever connections they come over', () => {
    const usage = usageOf({ sendsPerUser: 320 });
    const shares = [usage.shareOf('here'), usage.shareOf('there')] as const;
    expect(countOf(() => shares[0].send('ann'))).toBe(320);
    expect(countOf(() => shares[1].send('ann'))).toBe(0);
    expect(countOf(() => shares[1].send('bob'))).toBe(320);
  });

  it('gives an address its sends and searches, whatever users and connections they are of', () => {
    const usage = usageOf({ sendsPerAddress: 320, searchesPerAddress: 96 });
    const sent = Array.from({ length: 5 }, (_, user) => {
      const share = usage.shareOf('here');
      let count = 0;
      while (count < 100 && share.send(`user ${user}`) === 0) count++;
      share.giveBack();
      return count;
    });
    // Each took 32 in advance while there were as many, and gave back what was left.
    expect(sent).toEqual([100, 100, 100, 20, 0]);
    expect(countOf(() => usage.shareOf('here').search())).toBe(3);
    expect(countOf(() => usage.shareOf('there').search())).toBe(3);
  });

  it('takes nothing of the address for a user who has no sends left', () => {
    const usage = usageOf({ sendsPerUser: 32, sendsPerAddress: 96 });
    const share = usage.shareOf('here');
    expect(countOf(() => share.send('ann'))).toBe(32);
    for (let turn = 0; turn < 100; turn++) share.send('ann');
    expect(countOf(() => share.send('bob'))).toBe(32);
  });

  it('gives back what a user has left when another one sends on the same connection', () => {
    const usage = usageOf({ sendsPerUser: 64, sendsPerAddress: 10_000 });
    const share = usage.shareOf('here');
    expect(countOf(() => share.send('ann') || share.send('bob'))).toBe(64);
  });

  it.each([1, 31, 32, 33, 63, 64, 100])(
    'lets all of %d be used, over one connection or several',
    (count) => {
      const usage = usageOf({
        sendsPerUser: count,
        sendsPerAddress: count,
        searchesPerAddress: count,
      });
      const share = usage.shareOf('here');
      expect(countOf(() => share.send('ann'))).toBe(count);
      expect(countOf(() => share.search())).toBe(count);
      const useOnce = (use: (share: ReturnType<Usage['shareOf']>) => number) => () => {
        const own = usage.shareOf('there');
        const waitMs = use(own);
        own.giveBack();
        return waitMs;
      };
      expect(countOf(useOnce((own) => own.send('bob')))).toBe(count);
      expect(countOf(useOnce((own) => own.search()))).toBe(count);
      expect(share.send('ann')).toBeCloseTo(60_000 / count);
    },
  );

  it('gives back nothing that has come back by itself meanwhile', () => {
    const usage = usageOf({ sendsPerUser: 64, sendsPerAddress: 64, searchesPerAddress: 64 });
    const idle = [usage.shareOf('here'), usage.shareOf('here')];
    for (const share of idle) expect([share.send('ann'), share.search()]).toEqual([0, 0]);
    now += 60_000;
    const busy = usage.shareOf('here');
    expect([countOf(() => busy.send('ann')), countOf(() => busy.search())]).toEqual([64, 64]);
    for (const share of idle) share.giveBack();
    expect([countOf(() => busy.send('ann')), countOf(() => busy.search())]).toEqual([0, 0]);
  });

  it('takes no message that would bring the bytes of its sender in mailboxes above their limit', () => {
    const usage = usageOf({ storedBytesPerUser: 1_000 });
    expect(usage.mayStore(0, 1_000)).toBe(true);
    expect(usage.mayStore(900, 100)).toBe(true);
    expect(usage.mayStore(900, 101)).toBe(false);
    expect(usage.refusals.storedBytesPerUser).toBe(1);
  });
});
