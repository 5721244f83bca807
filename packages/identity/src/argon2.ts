// The whole module, and not a name of it: Node.js before 24.7 has no `argon2Sync`, and would refuse to
// load a file that names it.
import crypto from 'node:crypto';
import { formatPhc, parsePhc } from './phc.ts';

// What OWASP recommends for Argon2id at the least. [OWASP Password Storage Cheat Sheet]
const memoryKib = 19_456;
const passes = 2;
const parallelism = 1;
const saltBytes = 16;
const hashBytes = 32;

/** True when this Node.js can hash secrets: from 24.7 on. */
export const secretsAreSupported = typeof crypto.argon2Sync === 'function';

/** Hashes a secret with a new salt, as a PHC string. Takes some 50 ms, and 19 MiB meanwhile. */
export function hashSecret(secret: string): string {
  const salt = crypto.randomBytes(saltBytes);
  const hash = crypto.argon2Sync('argon2id', {
    message: secret,
    nonce: salt,
    memory: memoryKib,
    passes,
    parallelism,
    tagLength: hashBytes,
  });
  return formatPhc({ memoryKib, passes, parallelism, salt, hash });
}

// The hash of nothing that anybody has: random bytes.
const nobodys = formatPhc({
  memoryKib,
  passes,
  parallelism,
  salt: crypto.randomBytes(saltBytes),
  hash: crypto.randomBytes(hashBytes),
});

/**
 * Tells if a secret is the one that was hashed. Without a hash, or with one that cannot be read, it is
 * not; to find that out takes as long as if there were one.
 *
 * @param phc the PHC string; undefined where there is no account, or none with a secret
 */
export function verifySecret(secret: string, phc: string | undefined): boolean {
  const known = phc === undefined ? undefined : parsePhc(phc);
  const compared = known ?? parsePhc(nobodys);
  if (compared === undefined) return false;
  const found = crypto.argon2Sync('argon2id', {
    message: secret,
    nonce: compared.salt,
    memory: compared.memoryKib,
    passes: compared.passes,
    parallelism: compared.parallelism,
    tagLength: compared.hash.length,
  });
  return crypto.timingSafeEqual(found, compared.hash) && known !== undefined;
}
