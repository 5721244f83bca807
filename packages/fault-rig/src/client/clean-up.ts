import { setTimeout as sleep } from 'node:timers/promises';
import { Status } from '@tandem/core';
import { monotonicMs } from '../history/event.ts';
import { secretOf } from '../secret.ts';
import { withTimeout } from '../timeout.ts';
import type { Actor } from './actor.ts';
import type { LeftUser, SessionResumption } from './protocol.ts';
import type { RecordedClient } from './recorded-client.ts';
import type { ActorSession } from './session.ts';

// The session of a lost connection ends at once, but the server may be busy.
const patienceMs = 15_000;
const retryAfterMs = 50;

/**
 * Takes all remaining messages of a user, so that the history shows them; logs in again, so that it
 * shows messages that were not removed; and deletes the account, so that a server that goes on keeps nothing
 * of the round.
 *
 * @returns the failure, which is a fault of the server by itself; undefined without one
 */
export async function cleanUp(
  actor: Actor,
  { user, resumptions }: LeftUser,
): Promise<string | undefined> {
  const client = await actor.connected();
  if (client === undefined) return 'the server took no connection when all faults were over';
  const first = (await resume(client, resumptions)) ?? (await loginWhenFree(client, user));
  if (first.status === Status.notRegistered || first.status === Status.wrongSecret)
    return undefined;
  const { session } = client;
  if (session === undefined) return `${user} could not log in at the end: ${first.status}`;
  const missing = await takeAll(session, first.unread);
  if (missing > 0)
    return `${user} had ${first.unread} unread at the end, but ${missing} never came`;
  // Its response confirms the acknowledgements. [P-5.2]
  await client.search(user);
  const again = await lookAgain(actor, client, user);
  if (typeof again === 'string') return again;
  if (again.client.session !== undefined) await takeAll(again.client.session, again.unread);
  const deleted = await again.client.delete();
  return deleted === Status.deleted ? undefined : `${user} could not be deleted: ${deleted}`;
}

/** Begins another session of the user: with the token of the current one, or after it. */
async function lookAgain(
  actor: Actor,
  client: RecordedClient,
  user: string,
): Promise<{ client: RecordedClient; unread: number } | string> {
  if (secretOf(user) === undefined) {
    await client.logout();
    const { status, unread } = await client.login(user);
    if (client.session !== undefined) return { client, unread };
    return `${user} could not log in again at the end: ${status}`;
  }
  const taken = await actor.takeOver();
  const resumed = await actor.connected();
  if (taken === undefined || resumed === undefined) return `${user} could not resume at the end`;
  await taken.left.close();
  return { client: resumed, unread: taken.unread };
}

/** Returns the number of unread messages that did not come. */
async function takeAll(session: ActorSession, unread: number): Promise<number> {
  await withTimeout(session.untilTaken(unread), patienceMs);
  return unread - session.taken;
}

/** Resumes the session if it can be resumed; resolves with undefined otherwise. */
async function resume(client: RecordedClient, resumptions: readonly SessionResumption[]) {
  for (const resumption of resumptions) {
    const outcome = await client.resume(resumption);
    if (client.session !== undefined) return outcome;
  }
  return undefined;
}

async function loginWhenFree(client: RecordedClient, user: string) {
  const giveUpAtMs = monotonicMs() + patienceMs;
  for (;;) {
    const outcome = await client.login(user);
    if (outcome.status !== Status.alreadyLoggedIn || monotonicMs() > giveUpAtMs) return outcome;
    await sleep(retryAfterMs);
  }
}
