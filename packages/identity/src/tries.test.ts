import { describe, expect, it } from 'vitest';
import { Tries } from './tries.ts';

const rates = {
  perAccount: { burst: 3, perSecond: 0.1 },
  perAddress: { burst: 5, perSecond: 1 },
};

describe('Tries', () => {
  it('gives an account its tries, whatever addresses they come from', () => {
    const tries = new Tries(rates, () => 0);
    for (const address of ['a', 'b', 'c']) expect(tries.begin('alice', address)).toBe(0);
    expect(tries.begin('alice', 'd')).toBe(10_000);
    expect(tries.begin('bob', 'd')).toBe(0);
  });

  it('gives an address its tries, whatever accounts they are for', () => {
    const tries = new Tries(rates, () => 0);
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(tries.begin(name, 'here')).toBe(0);
    expect(tries.begin('f', 'here')).toBe(1_000);
    expect(tries.begin('f', 'there')).toBe(0);
  });

  it('does not charge an address for an account that has no tries left', () => {
    const tries = new Tries(rates, () => 0);
    for (const address of ['a', 'b', 'c']) tries.begin('alice', address);
    for (let turn = 0; turn < 10; turn++) tries.begin('alice', 'here');
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(tries.begin(name, 'here')).toBe(0);
  });

  it('does not count what was right', () => {
    const tries = new Tries(rates, () => 0);
    for (let turn = 0; turn < 20; turn++) {
      expect(tries.begin('alice', 'here')).toBe(0);
      tries.end('alice', 'here', false);
    }
  });

  it.each([
    ['right', false, true],
    ['wrong', true, false],
  ])('knows what those under way leave room for, and when they were %s', (_, counts, room) => {
    const tries = new Tries(rates, () => 0);
    for (let i = 0; i < 3; i++) tries.begin('alice', 'here');
    expect(tries.begin('alice', 'here')).toBeGreaterThan(0);
    expect(tries.couldBegin('alice', 'here')).toBe(true);
    for (let i = 0; i < 3; i++) tries.end('alice', 'here', counts);
    expect(tries.couldBegin('alice', 'here')).toBe(room);
    expect(tries.couldBegin('bob', 'here')).toBe(true);
    expect(tries.begin('alice', 'here') === 0).toBe(room);
  });
});
