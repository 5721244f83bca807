import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const tokenBytes = 32;
const pattern = /^[A-Za-z0-9_-]{43}$/;

/** Makes a token: 256 random bits, as 43 characters of base64url. */
export function makeToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** Tells if `text` has the form of a token. */
export function isToken(text: string): boolean {
  return pattern.test(text);
}

/**
 * Returns what is kept of a token: its SHA-256, as 43 characters of base64url. A token is random, so that
 * nobody finds it from that, however fast the hash is.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Tells if a token is the one of which the hash was kept, in the same time wherever they differ. */
export function tokenMatches(token: string, hash: string): boolean {
  const [found, kept] = [Buffer.from(tokenHash(token)), Buffer.from(hash)];
  return found.length === kept.length && timingSafeEqual(found, kept);
}
