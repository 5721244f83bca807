export { secretsAreSupported } from './argon2.ts';
export { Hasher } from './hasher.ts';
export { Limiter, type Rate } from './limiter.ts';
export { isPhc } from './phc.ts';
export { isToken, makeToken, tokenHash, tokenMatches } from './token.ts';
export { Tries, type TryRates } from './tries.ts';
