import { Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { listed } from '../listed.ts';
import { logIn, readAll, Stage, type TestPeer, turn } from '../stage.ts';

let stage: Stage;
let ann: TestPeer;

beforeEach(async () => {
  stage = await Stage.open({ mailboxMessagesMax: 3 });
  await stage.register('bob');
  ann = await stage.newUser('ann');
});

describe('the first check that fails answers', () => {
  const notLoggedIn = { status: Status.notLoggedIn };
  const invalid = { status: Status.invalidContent };

  it('for a send: the sender, then recipient and body, then the recipient, then the mailbox', async () => {
    expect(await stage.connect().send('ann', 'no one', '')).toEqual(notLoggedIn);
    expect(await ann.send('bob', 'no one', '')).toEqual(notLoggedIn);
    expect(await ann.send('', '', '')).toEqual(notLoggedIn);
    expect(await ann.send('ann', 'no one', 'hi')).toEqual(invalid);
    expect(await ann.send('ann', 'nobody', 'a|b')).toEqual(invalid);
    expect(await ann.send('ann', 'nobody', '   ')).toEqual(invalid);
    expect(await ann.send('ann', 'nobody', 'hi')).toEqual({ status: Status.noSuchUser });
  });

  it('for a login: the session, then the name, then the account, then its session', async () => {
    expect(await ann.login('no one')).toEqual({ status: Status.sessionInUse });
    expect(await ann.login('ann')).toEqual({ status: Status.sessionInUse });
    expect(await stage.connect().login('no one')).toEqual(invalid);
    expect(await stage.connect().login('nobody')).toEqual({ status: Status.notRegistered });
    expect(await stage.connect().login('ann')).toEqual({ status: Status.alreadyLoggedIn });
  });

  it('for a register: the name, then whether it is taken, then whether there is room', async () => {
    const full = await Stage.open({ accountsMax: 1 });
    await full.register('ann');
    const agent = full.connect();
    expect(await agent.register('no one')).toEqual(invalid);
    expect(await agent.register('ann')).toEqual({ status: Status.usernameTaken });
    expect(await agent.register('bob')).toEqual({ status: Status.tooBusy });
    expect(full.service.accountCount).toBe(1);
  });

  it('for a logout and a delete: the name, valid or not', async () => {
    for (const name of ['bob', 'no one', '']) {
      expect(await ann.logout(name)).toEqual(notLoggedIn);
      expect(await ann.delete(name)).toEqual(notLoggedIn);
    }
  });

  it('for a search: the query', async () => {
    expect(await stage.connect().search('a|b')).toEqual(invalid);
  });
});

describe("in another's name", () => {
  it('nothing is done, and nothing changes', async () => {
    const mallory = await stage.newUser('mallory');
    await ann.send('ann', 'bob', 'hi');
    for (const name of ['ann', 'bob']) {
      expect(await mallory.send(name, 'bob', 'forged')).toEqual({ status: Status.notLoggedIn });
      expect(await mallory.logout(name)).toEqual({ status: Status.notLoggedIn });
      expect(await mallory.delete(name)).toEqual({ status: Status.notLoggedIn });
    }
    expect(ann.username).toBe('ann');
    expect(mallory.username).toBe('mallory');
    expect(await stage.store.mailbox('bob')).toEqual(['ann|hi']);
    expect(stage.store.accounts()).toEqual(['ann', 'bob', 'mallory']);
  });
});

describe('a mailbox', () => {
  it('takes as many messages as its limit, then answers 28, session or not, until one is taken', async () => {
    const statuses: Status[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await ann.send('ann', 'bob', `${i}`)).status);
    expect(statuses).toEqual([25, 25, 25, 28]);
    const bob = stage.connect();
    const session = await logIn(bob, 'bob');
    expect(await readAll(session)).toEqual(['ann|0', 'ann|1', 'ann|2']);
    session.goLive();
    expect(await ann.send('ann', 'bob', '4')).toEqual({ status: Status.mailboxFull });
    bob.acknowledge(1);
    expect(await ann.send('ann', 'bob', '5')).toEqual({ status: Status.delivered });
    expect(await ann.send('ann', 'bob', '6')).toEqual({ status: Status.mailboxFull });
    expect(bob.pushed).toEqual(['ann|5']);
  });
});

describe('a session', () => {
  it('is one a user, and free again once it has ended', async () => {
    const other = stage.connect();
    ann.end();
    ann.end();
    await logIn(other, 'ann');
    expect(await ann.login('ann')).toEqual({ status: Status.alreadyLoggedIn });
    expect(await ann.login('bob')).toMatchObject({ status: Status.loggedIn });
  });

  it('goes on though its user registers somebody, themselves too', async () => {
    expect(await ann.register('cid')).toEqual({ status: Status.registered });
    expect(await ann.register('ann')).toEqual({ status: Status.usernameTaken });
    expect(await ann.send('ann', 'ann', 'hi')).toEqual({ status: Status.delivered });
    expect(ann.pushed).toEqual(['ann|hi']);
  });

  it('that ends while its login waits is over when that is answered', async () => {
    stage.store.holdsWrites = true;
    const cid = stage.connect();
    void cid.register('cid');
    const login = cid.login('cid');
    cid.end();
    stage.store.release();
    const result = await login;
    expect(cid.username).toBeUndefined();
    if ('session' in result) result.session.goLive();
    await ann.send('ann', 'cid', 'hi');
    expect(cid.pushed).toEqual([]);
    await logIn(stage.connect(), 'cid');
  });

  it('ignores acknowledgements once it has ended, whatever they say', async () => {
    await ann.send('ann', 'ann', 'hi');
    await ann.logout('ann');
    expect(ann.acknowledge(1)).toBe(true);
    expect(ann.acknowledge(-1)).toBe(true);
    expect(await stage.store.mailbox('ann')).toEqual(['ann|hi']);
  });

  it('of a deleted user is over, and the name starts empty with whoever takes it', async () => {
    await ann.send('ann', 'ann', 'for the old');
    await ann.send('ann', 'bob', 'from the old');
    expect(await ann.delete('ann')).toEqual({ status: Status.deleted });
    expect(await ann.delete('ann')).toEqual({ status: Status.notLoggedIn });
    const newAnn = await stage.newUser('ann');
    expect(await ann.send('ann', 'bob', 'hi')).toEqual({ status: Status.notLoggedIn });
    expect(ann.acknowledge(1)).toBe(true);
    await newAnn.send('ann', 'ann', 'for the new');
    expect(newAnn.pushed).toEqual(['ann|for the new']);
    expect(ann.pushed).toEqual(['ann|for the old']);
    await stage.expectAgreement();
    expect(await stage.store.mailbox('bob')).toEqual(['ann|from the old']);
  });

  it('that is deleted while messages to it are written takes them with it', async () => {
    const bob = stage.connect();
    (await logIn(bob, 'bob')).goLive();
    stage.store.holdsWrites = true;
    const sent = [ann.send('ann', 'bob', 'one'), ann.send('ann', 'bob', 'two')];
    const deleted = bob.delete('bob');
    const tooLate = ann.send('ann', 'bob', 'three');
    const registered = stage.connect().register('bob');
    const again = ann.send('ann', 'bob', 'four');
    stage.store.commit();
    const outcomes = await Promise.all<{ status: Status }>([
      ...sent,
      deleted,
      tooLate,
      registered,
      again,
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([24, 24, 48, 26, 1, 25]);
    await stage.expectAgreement();
    expect(await stage.store.mailbox('bob')).toEqual(['ann|four']);
  });
});

describe('a search', () => {
  it('is over as soon as its client has left', async () => {
    const crowded = await Stage.open();
    await crowded.register(...Array.from({ length: 600 }, (_, i) => `user${i}`));
    const agent = crowded.connect();
    const searched = agent.search('user*5');
    agent.leave();
    expect(await searched).toEqual({ status: Status.notFound });
  });

  it('is 123 when too many wait, and does not hold up its own client', async () => {
    const busy = await Stage.open({ searchesWaitingMax: 1 });
    await busy.register(...Array.from({ length: 1_000 }, (_, i) => `user${i}`));
    const agent = busy.connect();
    const first = agent.search('*x');
    expect(await agent.search('*x')).toEqual({ status: Status.tooBusy });
    expect(await first).toEqual({ status: Status.notFound });
    expect(listed(await agent.search('user299'))).toEqual({
      status: Status.found,
      usernames: ['user299'],
    });
  });

  it('is 19 beyond 10,000 and 16 up to there', async () => {
    const names = Array.from({ length: 9_998 }, (_, i) => `user${10_000 + i}`);
    await Promise.all(names.map((name) => ann.register(name)));
    const exactly = await ann.search('');
    expect(listed(exactly)).toEqual({ status: Status.found, usernames: ['ann', 'bob', ...names] });
    await ann.register('zoe');
    expect(await ann.search('')).toEqual({ ...exactly, status: Status.foundCut });
  });
});

describe('closing the service', () => {
  it('ends every session', async () => {
    await stage.service.close();
    await turn();
    expect(ann.username).toBeUndefined();
    expect(await ann.send('ann', 'bob', 'hi')).toEqual({ status: Status.notLoggedIn });
  });
});
