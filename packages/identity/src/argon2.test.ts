import crypto from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { hashSecret, secretsAreSupported, verifySecret } from './argon2.ts';

it.skipIf(!secretsAreSupported)(
  'does the same work for a wrong secret, for a user without one, and for nobody',
  () => {
    const known = hashSecret('correct horse');
    const hashed = vi.spyOn(crypto, 'argon2Sync');
    onTestFinished(() => hashed.mockRestore());
    for (const phc of [known, undefined, 'no hash']) {
      expect(verifySecret('correct house', phc)).toBe(false);
    }
    const work = hashed.mock.calls.map(
      ([algorithm, { memory, passes, parallelism, tagLength, nonce }]) =>
        [
          algorithm,
          memory,
          passes,
          parallelism,
          tagLength,
          Buffer.from(nonce as Buffer).length,
        ] as const,
    );
    expect(work).toEqual(Array(3).fill(['argon2id', 19_456, 2, 1, 32, 16]));
  },
);
