import { expect, it } from 'vitest';
import { RecentUse } from './recent-use.ts';

it('counts what a connection has used half after each half-life', () => {
  const use = new RecentUse(1_000);
  const [one, other] = [{ address: 'a' }, { address: 'a' }];
  expect(use.of(one, 0)).toBe(0);
  use.add(one, 100, 0);
  use.add(one, 100, 1_000);
  expect([use.of(one, 1_000), use.of(one, 2_000), use.of(other, 2_000)]).toEqual([150, 75, 0]);
});
