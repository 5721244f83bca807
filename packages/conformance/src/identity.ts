import { type ChatClient, type Resumption, Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive, type Stage, take } from './stage.ts';

const secret = 'correct horse';
const loggedIn = { status: Status.loggedIn, unread: 0 };

/** Secrets, resuming and blocking. [P-4.7] to [P-4.11] */
export function describeIdentity(open: Open): void {
  describe('identity', () => {
    describeSecrets(open);
    describeChanging(open);
    describeResuming(open);
    describeBlocking(open);
  });
}

function describeSecrets(open: Open): void {
  test('an account with a secret is logged in with it, and in no other way', async () => {
    const stage = await open();
    const client = await stage.connect();
    await client.register('bob');
    expect(await client.register('ann', secret)).toEqual({ status: Status.registered });
    expect(await client.register('ann', secret)).toEqual({ status: Status.usernameTaken });
    expect(await client.register('bob', secret)).toEqual({ status: Status.usernameTaken });
    expect(await client.login('ann')).toEqual({ status: Status.notLoggedIn });
    for (const [name, wrong] of [
      ['ann', 'correct house'],
      ['ann', ''],
      ['nobody', secret],
      ['bob', secret],
    ] as const) {
      expect(await client.login(name, wrong)).toEqual({ status: Status.wrongSecret });
    }
    expect(await client.send('bob', 'hi')).toEqual({ status: Status.notLoggedIn });
    expect(await client.login('ann', secret)).toEqual(loggedIn);
    expect(await client.send('bob', 'hi')).toEqual({ status: Status.stored });
  });

  test('an account with a secret finds what is unread, like any other', async () => {
    const stage = await open();
    const bob = await stage.newUser('bob');
    await bob.register('ann', secret);
    for (const body of ['one', 'two']) await bob.send('ann', body);
    const ann = await stage.connect();
    expect(await ann.login('ann', secret)).toEqual({ status: Status.loggedInUnread, unread: 2 });
    expect(await receive(ann, 2)).toEqual(['bob: one', 'bob: two']);
    expect(await ann.login('ann', secret)).toEqual({ status: Status.sessionInUse });
    const other = await stage.connect();
    expect(await other.login('ann', secret)).toEqual({ status: Status.alreadyLoggedIn });
    expect(await other.login('ann', 'correct house')).toEqual({ status: Status.wrongSecret });
  });

  test('a secret that is weak, too long or not ASCII is refused', async () => {
    const client = await (await open()).connect();
    for (const [bad, status] of [
      ['hunter2', Status.secretTooWeak],
      ['ann ann ann', Status.secretTooWeak],
      ['x'.repeat(129), Status.secretTooLong],
      ['correct|horse', Status.invalidContent],
      ['schöne Pferde', Status.invalidContent],
    ] as const) {
      expect(await client.register('ann', bad)).toEqual({ status });
    }
    expect(await client.login('ann')).toEqual({ status: Status.notRegistered });
  });

  test('wrong tries are bounded for each account, and those that are right do not count', async () => {
    const client = await (await open()).connect();
    await client.register('ann', secret);
    for (let turn = 0; turn < 12; turn++) {
      expect(await client.login('ann', secret)).toEqual(loggedIn);
      await client.logout();
    }
    for (let turn = 0; turn < 10; turn++) {
      expect((await client.login('ann', 'wrong horse')).status).toBe(Status.wrongSecret);
    }
    const refused = await client.login('ann', secret);
    expect(refused.status).toBe(Status.tooManyTries);
    const wait = 'retryAfterS' in refused ? refused.retryAfterS : 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
  });
}

function describeChanging(open: Open): void {
  test('a user gives their account a secret, changes it, and removes it', async () => {
    const stage = await open();
    const ann = await stage.newUser('ann');
    const changed = { status: Status.secretChanged };
    expect(ann.resumption).toBeUndefined();
    expect(await ann.changeSecret('', secret)).toEqual(changed);
    expect(ann.resumption).toMatchObject({ username: 'ann', taken: 0 });
    expect(await ann.changeSecret('', 'another horse')).toEqual({
      status: Status.wrongCurrentSecret,
    });
    expect(await ann.changeSecret('wrong horse', 'another horse')).toEqual({
      status: Status.wrongCurrentSecret,
    });
    expect(await ann.changeSecret(secret, 'weak')).toEqual({ status: Status.secretTooWeak });
    expect(await ann.changeSecret(secret, 'another horse')).toEqual(changed);
    await ann.logout();
    expect(await ann.login('ann', secret)).toEqual({ status: Status.wrongSecret });
    expect(await ann.login('ann', 'another horse')).toEqual(loggedIn);
    expect(await ann.changeSecret('another horse', '')).toEqual(changed);
    expect(ann.resumption).toBeUndefined();
    await ann.logout();
    expect(await ann.login('ann')).toEqual(loggedIn);
  });

  test('a change of the secret, a block and an unblock need a session', async () => {
    const stage = await open();
    await stage.register('bob');
    const client = await stage.connect();
    expect(await client.changeSecret('', secret)).toEqual({ status: Status.notLoggedIn });
    expect(await client.block('bob')).toEqual({ status: Status.notLoggedIn });
    expect(await client.unblock('bob')).toEqual({ status: Status.notLoggedIn });
  });
}

function describeResuming(open: Open): void {
  test('a session goes on at another client at once: what was taken does not come again', async () => {
    const stage = await open();
    const [ann, bob] = await annAndBob(stage);
    for (const body of ['one', 'two', 'three', 'four']) await bob.send('ann', body);
    // Coming back for the third takes the second.
    await receive(ann, 3);
    const again = await stage.connect();
    const resumed = await again.resume(resumptionOf(ann));
    expect(resumed).toEqual({ status: Status.loggedInUnread, unread: 2 });
    expect(await bob.send('ann', 'five')).toEqual({ status: Status.delivered });
    expect(await receive(again, 3)).toEqual(['bob: three', 'bob: four', 'bob: five']);
    expect(await again.send('bob', 'hi')).toEqual({ status: Status.delivered });
    expect(await ann.closed).toMatchObject({ code: 'connection-lost' });
  });

  test('a session of a client that was killed goes on, and what was taken at the end does not come again', async () => {
    const stage = await open();
    const [ann, bob] = await annAndBob(stage);
    for (const body of ['one', 'two', 'three']) await bob.send('ann', body);
    const { messages, next } = await take(ann, 2);
    expect(messages).toEqual(['bob: one', 'bob: two']);
    expect(await next).toBe('bob: three');
    await stage.kill(ann);
    await ann.closed;
    // Whoever comes back after the end has taken what was in hand.
    expect(await ann.messages.next()).toMatchObject({ done: true });
    const again = await stage.connect();
    expect(await again.resume(resumptionOf(ann))).toEqual(loggedIn);
    await bob.send('ann', 'four');
    expect(await receive(again, 1)).toEqual(['bob: four']);
  });

  test('a token resumes until the next one is used, and again if a response was lost', async () => {
    const stage = await open();
    const [ann] = await annAndBob(stage);
    const first = resumptionOf(ann);
    const second = await resumed(stage, first);
    // As if the response with the second had not come.
    const third = await resumed(stage, first);
    expect(await (await stage.connect()).resume(second)).toEqual({ status: Status.notResumable });
    const fourth = await resumed(stage, third);
    expect(await (await stage.connect()).resume(first)).toEqual({ status: Status.notResumable });
    expect(new Set([first, second, third, fourth].map(({ token }) => token)).size).toBe(4);
  });

  test('a token ends with a logout, a login, a change of the secret and a delete', async () => {
    const stage = await open();
    const [ann] = await annAndBob(stage);
    const other = await stage.connect();
    const worthless = { status: Status.notResumable };
    const loggedOut = resumptionOf(ann);
    await ann.logout();
    expect(ann.resumption).toBeUndefined();
    expect(await other.resume(loggedOut)).toEqual(worthless);
    await ann.login('ann', secret);
    const changed = resumptionOf(ann);
    await ann.changeSecret(secret, 'another horse');
    expect(await other.resume(changed)).toEqual(worthless);
    const replaced = resumptionOf(ann);
    await stage.kill(ann);
    const again = await stage.connect();
    await stage.loginWhenFree(again, 'ann', 'another horse');
    expect(await other.resume(replaced)).toEqual(worthless);
    const deleted = resumptionOf(again);
    await again.delete();
    await again.register('ann', secret);
    expect(await other.resume(deleted)).toEqual(worthless);
    expect(await other.resume({ ...deleted, username: 'nobody' })).toEqual(worthless);
    expect(await other.resume({ ...deleted, token: 'short' })).toEqual({
      status: Status.invalidContent,
    });
  });
}

function describeBlocking(open: Open): void {
  test('who is blocked is told that there is no such user, until they are not', async () => {
    const stage = await open();
    const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
    await bob.send('ann', 'before');
    expect(await ann.block('bob')).toEqual({ status: Status.blocked });
    expect(await ann.block('bob')).toEqual({ status: Status.blocked });
    expect(await bob.send('ann', 'blocked')).toEqual({ status: Status.noSuchUser });
    expect(await ann.send('bob', 'hi')).toEqual({ status: Status.delivered });
    expect(await ann.unblock('bob')).toEqual({ status: Status.unblocked });
    expect(await bob.send('ann', 'after')).toEqual({ status: Status.delivered });
    expect(await receive(ann, 2)).toEqual(['bob: before', 'bob: after']);
    expect(await ann.unblock('bob')).toEqual({ status: Status.unblocked });
    expect(await ann.block('nobody')).toEqual({ status: Status.nobodyToBlock });
    expect(await ann.block('no one')).toEqual({ status: Status.invalidContent });
  });
}

/** Ann with a secret and bob without, both logged in. */
async function annAndBob(stage: Stage): Promise<[ChatClient, ChatClient]> {
  const [ann, bob] = [await stage.connect(), await stage.newUser('bob')];
  expect(await ann.register('ann', secret)).toEqual({ status: Status.registered });
  expect(await ann.login('ann', secret)).toEqual(loggedIn);
  return [ann, bob];
}

function resumptionOf({ resumption }: ChatClient): Resumption {
  if (resumption === undefined) throw new Error('there is nothing to resume');
  return resumption;
}

/** Resumes a session without unread messages, and returns what resumes it next. */
async function resumed(stage: Stage, session: Resumption): Promise<Resumption> {
  const client = await stage.connect();
  expect(await client.resume(session)).toEqual(loggedIn);
  return resumptionOf(client);
}
