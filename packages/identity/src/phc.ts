/**
 * A hash of a secret with all that is needed to compute it again, as the PHC string format says it.
 * [https://github.com/P-H-C/phc-string-format]
 */
export interface Phc {
  /** Memory that the hash takes, in KiB. */
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

// Version 1.3 of Argon2, the only one that RFC 9106 has.
const version = 19;
const bytesMax = 64;
// A hash from the database must not cost more than this whoever wrote it: 256 MiB, 16 passes.
const memoryKibMax = 256 * 1024;
const passesMax = 16;

const pattern =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,8}),t=([1-9]\d{0,2}),p=([1-9]\d{0,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Writes a hash as a PHC string. Base64 has no padding there. */
export function formatPhc({ memoryKib, passes, parallelism, salt, hash }: Phc): string {
  const parameters = `m=${memoryKib},t=${passes},p=${parallelism}`;
  return `$argon2id$v=${version}$${parameters}$${base64(salt)}$${base64(hash)}`;
}

/** Reads a PHC string; undefined when it is none of Argon2id, or asks for more work than any of ours. */
export function parsePhc(text: string): Phc | undefined {
  const [, memory, passes, parallelism, salt = '', hash = ''] = pattern.exec(text) ?? [];
  if (memory === undefined) return undefined;
  const phc = {
    memoryKib: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return isSound(phc) && formatPhc(phc) === text ? phc : undefined;
}

/** Tells if `text` is a PHC string that {@link parsePhc} reads. */
export function isPhc(text: string): boolean {
  return parsePhc(text) !== undefined;
}

function isSound({ memoryKib, passes, parallelism, salt, hash }: Phc): boolean {
  return (
    memoryKib >= 8 * parallelism &&
    memoryKib <= memoryKibMax &&
    passes <= passesMax &&
    salt.length >= 8 &&
    salt.length <= bytesMax &&
    hash.length >= 12 &&
    hash.length <= bytesMax
  );
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
