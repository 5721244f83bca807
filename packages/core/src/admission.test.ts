import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

const unlimited = Number.POSITIVE_INFINITY;

describe('Admission', () => {
  it('admits as many as there may be, and one more for each that is gone', () => {
    const admission = new Admission({ connectionsMax: 2, connectionsPerAddressMax: unlimited });
    expect([1, 2, 3].map(() => admission.admit('a'))).toEqual([true, true, false]);
    admission.release('a');
    expect([1, 2].map(() => admission.admit('b'))).toEqual([true, false]);
  });

  it('counts each address apart', () => {
    const admission = new Admission({ connectionsMax: unlimited, connectionsPerAddressMax: 1 });
    expect(['a', 'a', 'b'].map((address) => admission.admit(address))).toEqual([true, false, true]);
    admission.release('a');
    expect(admission.admit('b')).toBe(false);
    expect(admission.admit('a')).toBe(true);
  });

  it('does not count those whom it refuses', () => {
    const admission = new Admission({ connectionsMax: 2, connectionsPerAddressMax: 1 });
    admission.admit('a');
    for (let i = 0; i < 10; i++) admission.admit('a');
    expect(admission.admit('b')).toBe(true);
  });

  it('warns at once, and then once a minute', () => {
    const admission = new Admission({ connectionsMax: 1, connectionsPerAddressMax: 1 });
    const times = [0, 1, 59_999, 60_000, 60_001, 120_000];
    expect(times.map((now) => admission.warns(now))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});
