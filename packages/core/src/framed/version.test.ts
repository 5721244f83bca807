import { expect, it } from 'vitest';
import { framedVersion, isFramedVersion } from './version.ts';

it('tells the framed dialect by the high bit of the first byte', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  expect(bytes.filter(isFramedVersion)).toEqual(bytes.slice(128));
  expect(framedVersion).toBe(0x81);
});
