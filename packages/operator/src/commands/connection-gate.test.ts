import { expect, it } from 'vitest';
import { Bans } from './bans.ts';
import { connectionGate } from './connection-gate.ts';

it('lets a network open as many connections in a minute as it may, and others all of theirs', () => {
  let now = 0;
  const gate = connectionGate(Bans.open(), 60, () => now);
  for (let i = 0; i < 60; i++) expect(gate.enter('192.0.2.1')).toBeUndefined();
  expect(gate.enter('192.0.2.1')).toBe('tooFast');
  expect(gate.enter('192.0.2.2')).toBeUndefined();
  now += 1_000;
  expect(gate.enter('192.0.2.1')).toBeUndefined();
  expect(gate.enter('192.0.2.1')).toBe('tooFast');
});

it('refuses a network while it is banned', () => {
  const bans = Bans.open();
  const gate = connectionGate(bans, 60);
  const target = { kind: 'network', network: '2001:db8:0:0' } as const;
  void bans.add(target);
  expect(gate.enter('2001:db8:0:0')).toBe('banned');
  expect(gate.enter('2001:db8:0:1')).toBeUndefined();
  void bans.remove(target);
  expect(gate.enter('2001:db8:0:0')).toBeUndefined();
});
