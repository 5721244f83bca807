import { describe, expect, it } from 'vitest';
import { isToken, makeToken, tokenHash, tokenMatches } from './token.ts';

describe('tokens', () => {
  it('have 43 characters, and are never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, makeToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(isToken(token)).toBe(true);
  });

  it('match their own hash and no other, nor what is no hash', () => {
    const token = makeToken();
    expect(tokenMatches(token, tokenHash(token))).toBe(true);
    expect(tokenMatches(makeToken(), tokenHash(token))).toBe(false);
    expect(tokenMatches(token, token)).toBe(false);
    expect(tokenMatches(token, '')).toBe(false);
  });

  it.each(['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(43)}\n`])(
    'have a form that %j has not',
    (text) => {
      expect(isToken(text)).toBe(false);
    },
  );
});
