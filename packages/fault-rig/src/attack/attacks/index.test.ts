import { describe, expect, test } from 'vitest';
import { families } from './attack.ts';
import { attacks, attacksNamed } from './index.ts';

test('every attack has a name of its own, in a group that can be named', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  for (const family of families) expect(attacksNamed(family).length).toBeGreaterThan(0);
  expect(families.flatMap(attacksNamed).length).toBe(attacks.length);
  expect(attacksNamed('all')).toEqual(attacks);
});

test('an unknown name means no attack', () => {
  for (const name of ['', 'none', 'ping-flood+', '+', 'ping-flood+none']) {
    expect(attacksNamed(name)).toEqual([]);
  }
});

describe('several at once', () => {
  test('need all that each needs, and may take the memory of all', () => {
    const [both] = attacksNamed('unread-logins+descriptor-limit');
    expect(both).toMatchObject({
      name: 'unread-logins+descriptor-limit',
      processes: 2,
      needs: { names: 10_000, victims: 20, unread: 1_000 },
      peakBytesMax: 400_000_000,
      descriptors: 256,
      honest: ['unary long-search', 'framed connect', 'converse connect'],
      mayBeRefused: ['framed connect', 'converse connect'],
    });
  });
});
