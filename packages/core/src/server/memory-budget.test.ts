import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryAccount, MemoryBudget } from './memory-budget.ts';

/** Accounts of a budget, and the names of those that lost their room. */
function accountsOf(budget: MemoryBudget) {
  const shed: string[] = [];
  const open = (address: string, name = address) =>
    budget.open(address, { giveWayForMemory: () => shed.push(name) });
  return { shed, open };
}

describe('MemoryBudget', () => {
  it('gives everybody what they need while there is room, and an eighth at most', () => {
    const budget = new MemoryBudget(800);
    const { open } = accountsOf(budget);
    const account = open('a');
    expect([account.take(100), account.take(1)]).toEqual([true, false]);
    account.give(1);
    expect([account.take(1), budget.bytes]).toEqual([true, 100]);
  });

  it('when it is full, refuses who holds more than a share, and closes the greediest for others', () => {
    const budget = new MemoryBudget(800);
    const { open, shed } = accountsOf(budget);
    const greedy = Array.from({ length: 8 }, (_, i) => open('a', `greedy ${i}`));
    for (const account of greedy) expect(account.take(100)).toBe(true);
    expect(greedy[0]?.take(1)).toBe(false);
    const modest = open('b');
    expect(modest.take(80)).toBe(true);
    expect(shed).toEqual(['greedy 0', 'greedy 1']);
    expect([greedy[0]?.closed, greedy[0]?.bytes, greedy[0]?.take(1)]).toEqual([true, 0, false]);
  });

  it('keeps a share for one connection beside greedy ones of the same address', () => {
    const budget = new MemoryBudget(800);
    const { open, shed } = accountsOf(budget);
    for (let i = 0; i < 8; i++) open('a', `greedy ${i}`).take(100);
    expect(open('a', 'modest').take(80)).toBe(true);
    expect(shed).not.toContain('modest');
  });

  it('looks at addresses first: many small connections of one lose before a larger one of another', () => {
    const budget = new MemoryBudget(800);
    const { open, shed } = accountsOf(budget);
    open('b', 'large').take(100);
    for (let i = 0; i < 70; i++) open('a', 'small').take(10);
    expect(open('c', 'newcomer').take(50)).toBe(true);
    expect(new Set(shed)).toEqual(new Set(['small']));
  });

  it('closes who was charged more than one connection may hold', () => {
    const { open, shed } = accountsOf(new MemoryBudget(800));
    open('a').charge(101);
    expect(shed).toEqual(['a']);
  });

  it('makes room when it is told to, and says how many lost theirs', () => {
    const budget = new MemoryBudget(800);
    const { open, shed } = accountsOf(budget);
    open('a').take(100);
    open('b').take(50);
    budget.shed(60);
    expect([shed, budget.bytes, budget.shedCount]).toEqual([['a'], 50, 1]);
    budget.shed(1_000);
    expect(budget.bytes).toBe(0);
  });

  it('forgets an account that is closed, however often', () => {
    const budget = new MemoryBudget(800);
    const account = accountsOf(budget).open('a');
    account.take(50);
    account.close();
    account.close();
    account.give(50);
    account.charge(50);
    expect([budget.bytes, account.bytes, account.take(1)]).toEqual([0, 0, false]);
  });

  it('never holds more than its limit, counts right, and never closes who is within the share', () => {
    const step = fc.record({
      who: fc.nat(9),
      what: fc.constantFrom('take', 'charge', 'give', 'reopen'),
      bytes: fc.integer({ min: 0, max: 120 }),
    });
    const property = fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const budget = new MemoryBudget(800);
      const held = new Map<MemoryAccount, number>();
      const accounts = Array.from({ length: 10 }, (_, i) => open(i));
      function open(i: number): MemoryAccount {
        const account = budget.open(`${i % 3}`, { giveWayForMemory: () => held.delete(account) });
        held.set(account, 0);
        return account;
      }
      for (const { who, what, bytes } of steps) {
        const account = accounts[who] as MemoryAccount;
        const before = held.get(account) ?? 0;
        if (what === 'reopen') {
          account.close();
          held.delete(account);
          accounts[who] = open(who);
        } else if (what === 'give') {
          const given = Math.min(bytes, before);
          account.give(given);
          if (!account.closed) held.set(account, before - given);
        } else {
          const taken = what === 'charge' || account.take(bytes);
          if (what === 'charge') account.charge(bytes);
          if (taken && !account.closed) held.set(account, before + bytes);
        }
        expect(budget.bytes).toBe([...held.values()].reduce((sum, one) => sum + one, 0));
        expect(budget.bytes).toBeLessThanOrEqual(800);
      }
    });
    fc.assert(property);
  });
});
