// The thread of a hasher: one secret at a time.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

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

// Loaded with the low priority, which an import above would come before.
const { hashSecret, verifySecret } = await import('./argon2.ts');

let commonSecrets: Promise<ReadonlySet<string>> | undefined;

parentPort?.on('message', async (request: HasherRequest) => {
  parentPort?.postMessage(await resultOf(request));
});

async function resultOf(request: HasherRequest): Promise<HasherResult> {
  const { secret } = request;
  if (request.kind === 'verify') return verifySecret(secret, request.phc);
  return (await isCommon(secret)) ? undefined : hashSecret(secret);
}

/**
 * Tells if a secret is among the passwords that people take most often, whatever its case: whoever guesses
 * tries these first. [NIST SP 800-63B, 5.1.1.2] [P-2.4]
 */
async function isCommon(secret: string): Promise<boolean> {
  commonSecrets ??= loadCommonSecrets();
  return (await commonSecrets).has(secret.toLowerCase());
}

/** Loads them, which takes as long as a hash: a thread that only compares secrets does without. */
async function loadCommonSecrets(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}
