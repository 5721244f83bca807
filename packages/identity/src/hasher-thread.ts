// The thread of a hasher: one secret at a time.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { dictionary } from '@zxcvbn-ts/language-common';
import { hashSecret, verifySecret } from './argon2.ts';

/** A request to the thread. */
export type HasherRequest =
  | { readonly kind: 'hash'; readonly secret: string }
  | { readonly kind: 'verify'; readonly secret: string; readonly phc: string | undefined };

/** The thread's response: the hash, undefined for a secret that is too common; or whether it is right. */
export type HasherResult = string | undefined | boolean;

// Where both have one processor, the event loop, which serves everybody, gets nine tenths of it.
const niceness = 10;

// On Linux a thread has a priority of its own; elsewhere this would be that of the process.
if (process.platform === 'linux') setPriority(niceness);

const commonSecrets: ReadonlySet<string> = new Set(dictionary['passwords-common']);

parentPort?.on('message', (request: HasherRequest) => {
  parentPort?.postMessage(resultOf(request));
});

function resultOf(request: HasherRequest): HasherResult {
  const { secret } = request;
  if (request.kind === 'verify') return verifySecret(secret, request.phc);
  return isCommon(secret) ? undefined : hashSecret(secret);
}

/**
 * Tells if a secret is among the passwords that people take most often, whatever its case: whoever guesses
 * tries these first. [NIST SP 800-63B, 5.1.1.2] [P-2.4]
 */
function isCommon(secret: string): boolean {
  return commonSecrets.has(secret.toLowerCase());
}
