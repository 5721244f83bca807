import { expect, it } from 'vitest';
import { Offenders } from './offenders.ts';

const minuteMs = 60_000;

it('remembers an address until ten minutes after its last offence', () => {
  const offenders = new Offenders();
  expect(offenders.has('192.0.2.1', 0)).toBe(false);
  offenders.add('192.0.2.1', 0);
  offenders.add('192.0.2.1', 5 * minuteMs);
  expect(offenders.has('192.0.2.1', 15 * minuteMs - 1)).toBe(true);
  expect(offenders.has('192.0.2.2', 5 * minuteMs)).toBe(false);
  expect(offenders.has('192.0.2.1', 15 * minuteMs)).toBe(false);
});

it('forgets the one whose last offence is longest ago when there are too many', () => {
  const offenders = new Offenders();
  offenders.add('first', 0);
  offenders.add('second', 0);
  offenders.add('first', 1);
  for (let i = 0; i < 4_095; i++) offenders.add(`${i}`, 2);
  expect([offenders.has('first', 3), offenders.has('second', 3)]).toEqual([true, false]);
});
