import { describe, expect, it } from 'vitest';
import { hostAndPort } from './host-and-port.ts';

describe('hostAndPort', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:5'],
    ['localhost', 'localhost:5'],
    ['::1', '[::1]:5'],
  ])('writes %s as %s', (host, expected) => {
    expect(hostAndPort(host, 5)).toBe(expected);
  });
});
