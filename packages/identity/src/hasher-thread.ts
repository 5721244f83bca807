// The thread of a hasher: one secret at a time.
import { parentPort } from 'node:worker_threads';
import { hashSecret, verifySecret } from './argon2.ts';

/** A request to the thread. */
export type HasherRequest =
  | { readonly kind: 'hash'; readonly secret: string }
  | { readonly kind: 'verify'; readonly secret: string; readonly phc: string | undefined };

parentPort?.on('message', (request: HasherRequest) => {
  const { secret } = request;
  const result = request.kind === 'hash' ? hashSecret(secret) : verifySecret(secret, request.phc);
  parentPort?.postMessage(result);
});
