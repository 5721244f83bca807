import { Status } from '@tandem/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logIn, readAll, Stage, stateOf, type TestPeer, turn } from '../stage.ts';

const unknownError = { status: Status.unknownError };

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

// Whatever failed, what the service shows is what the store has.
afterEach(() => stage.expectAgreement());

describe('a send that fails', () => {
  let ann: TestPeer;

  beforeEach(async () => {
    ann = await stage.newUser('ann');
  });

  it('is 27, is told, and is not counted', async () => {
    await stage.register('bob');
    stage.store.holdsWrites = true;
    const sent = ann.send('ann', 'bob', 'hi');
    stage.store.fail();
    expect(await sent).toEqual({ status: Status.sendFailed });
    expect(stage.storeErrors).toHaveLength(1);
  });

  it('though it was pushed, is not counted when it is acknowledged, nor when the session ends', async () => {
    const bob = await stage.newUser('bob');
    stage.store.holdsWrites = true;
    const outcomes = ['one', 'two', 'three'].map((body) => ann.send('ann', 'bob', body));
    expect(bob.pushed).toHaveLength(3);
    stage.store.fail(1, 2);
    stage.store.fail(1);
    stage.store.commit();
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual([27, 24, 27]);
    expect(bob.acknowledge(1)).toBe(true);
    stage.store.commit();
  });

  it('though it was acknowledged already, is not counted', async () => {
    const bob = await stage.newUser('bob');
    stage.store.holdsWrites = true;
    void ann.send('ann', 'bob', 'one');
    bob.acknowledge(1);
    expect(stage.store.held).toEqual(['addMessage', 'removeMessages']);
    stage.store.fail(1);
    stage.store.commit();
  });

  it('though its removal is under way, hides no other from a login', async () => {
    const bob = await stage.newUser('bob');
    stage.store.holdsWrites = true;
    void ann.send('ann', 'bob', 'lost');
    bob.acknowledge(1);
    bob.end();
    stage.store.fail(1);
    await turn();
    void ann.send('ann', 'bob', 'kept');
    const again = stage.connect();
    const session = await logIn(again, 'bob');
    const read = await readAll(session);
    session.goLive();
    await turn();
    expect([...read, ...again.pushed]).toEqual(['ann|kept']);
  });

  it('though a login found it, is not counted', async () => {
    await stage.register('bob');
    const bob = stage.connect();
    stage.store.holdsWrites = true;
    void ann.send('ann', 'bob', 'one');
    void ann.send('ann', 'bob', 'two');
    const session = await logIn(bob, 'bob');
    expect(await session.readUnread(1)).toHaveLength(1);
    stage.store.fail();
    await turn();
    expect(await session.readUnread(9)).toEqual([]);
    session.goLive();
    stage.store.holdsWrites = false;
    expect(await ann.send('ann', 'bob', 'three')).toEqual({ status: Status.delivered });
    expect(bob.pushed).toEqual(['ann|three']);
    expect(bob.acknowledge(3)).toBe(false);
    bob.acknowledge(1);
  });

  it('while it waited for the window, holds nothing up and takes nothing with it', async () => {
    const bob = await stage.newUser('bob');
    for (let i = 0; i < 256; i++) void ann.send('ann', 'bob', `${i}`);
    stage.store.holdsWrites = true;
    stage.store.holdsReads = true;
    const lost = ann.send('ann', 'bob', 'lost');
    bob.acknowledge(2);
    await turn();
    expect(stage.store.readsHeld).toBe(1);
    // The failure comes while the mailbox is read, and with it a message behind.
    stage.store.fail(1);
    stage.store.commit();
    expect(await lost).toEqual({ status: Status.sendFailed });
    void ann.send('ann', 'bob', 'kept');
    stage.store.release();
    await turn();
    bob.acknowledge(256);
    await turn();
    // It may have been read before it failed: then it came, in its place, and once.
    expect(bob.pushed.slice(256).filter((text) => text !== 'ann|lost')).toEqual(['ann|kept']);
    bob.acknowledge(bob.pushed.length);
    await bob.search('nobody');
    void ann.send('ann', 'bob', 'next');
    expect(bob.pushed.at(-1)).toBe('ann|next');
  });
});

describe('an acknowledgement that fails', () => {
  let ann: TestPeer;

  beforeEach(async () => {
    ann = await stage.newUser('ann');
    for (const body of ['one', 'two', 'three']) await ann.send('ann', 'ann', body);
    stage.store.holdsWrites = true;
  });

  it('is 127 to whoever asks next, though what they asked for was done', async () => {
    ann.acknowledge(2);
    const search = ann.search('ann');
    stage.store.fail();
    expect(await search).toEqual(unknownError);
    expect(stage.storeErrors).toHaveLength(1);
  });

  it('rejects nowhere when nobody asks', async () => {
    ann.acknowledge(2);
    stage.store.fail();
    await turn();
    ann.end();
  });

  it('is made again before a later response confirms it', async () => {
    ann.acknowledge(2);
    stage.store.fail();
    await turn();
    const search = ann.search('ann');
    expect(stage.store.held).toEqual(['removeMessages']);
    stage.store.commit();
    expect(await search).toMatchObject({ status: Status.found });
    expect(await stage.store.mailbox('ann')).toEqual(['ann|three']);
  });

  it('is made good by a later one', async () => {
    ann.acknowledge(1);
    ann.acknowledge(2);
    stage.store.fail(1);
    stage.store.commit();
    expect(await ann.search('ann')).toMatchObject({ status: Status.found });
    expect(await stage.store.mailbox('ann')).toEqual(['ann|three']);
  });

  it('is told by the logout, and holds nothing against the next session', async () => {
    ann.acknowledge(2);
    const outcomes = [ann.logout('ann'), ann.login('ann')];
    stage.store.fail();
    const [loggedOut, loggedIn] = await Promise.all(outcomes);
    expect(loggedOut).toEqual(unknownError);
    expect(loggedIn).toMatchObject({ status: Status.loggedInUnread });
    expect(ann.username).toBe('ann');
    expect(await ann.search('ann')).toMatchObject({ status: Status.found });
  });

  describe('and is told by the logout', () => {
    beforeEach(async () => {
      ann.acknowledge(2);
      const loggedOut = ann.logout('ann');
      stage.store.fail();
      expect(await loggedOut).toEqual(unknownError);
    });

    it('has ended its session', async () => {
      expect(ann.username).toBeUndefined();
      stage.store.holdsWrites = false;
      expect(await ann.logout('ann')).toEqual({ status: Status.notLoggedIn });
      await logIn(stage.connect(), 'ann');
    });

    const later: readonly (readonly [string, (agent: TestPeer) => object, Status])[] = [
      ['a register', (agent) => agent.register('ann'), Status.usernameTaken],
      ['a search', (agent) => agent.search('b*'), Status.notFound],
      ['a send', (agent) => agent.send('ann', 'ann', 'hi'), Status.notLoggedIn],
      ['a login that is refused', (agent) => agent.login('bob'), Status.notRegistered],
      ['a login that is not valid', (agent) => agent.login('!'), Status.invalidContent],
      ['a logout', (agent) => agent.logout('ann'), Status.notLoggedIn],
      ['a delete', (agent) => agent.delete('ann'), Status.notLoggedIn],
    ];

    it.each(later)('is made again before the response to %s', async (_, request, status) => {
      const answer = request(ann);
      expect(stage.store.held).toEqual(['removeMessages']);
      expect(await stateOf(answer)).toBe('waiting');
      stage.store.commit();
      expect(await answer).toMatchObject({ status });
      expect(await stage.store.mailbox('ann')).toEqual(['ann|three']);
    });

    it('is 127 to each response while it cannot be made', async () => {
      for (let i = 0; i < 3; i++) {
        const search = ann.search('ann');
        stage.store.fail();
        expect(await search).toEqual(unknownError);
      }
    });

    it('comes again at the next login, which confirms nothing and is not held up', async () => {
      const session = await logIn(ann, 'ann');
      expect(stage.store.held).toEqual([]);
      expect(await readAll(session)).toEqual(['ann|one', 'ann|two', 'ann|three']);
      expect(await ann.search('ann')).toMatchObject({ status: Status.found });
    });

    it('is still made again when that login fails', async () => {
      const bob = stage.connect();
      const outcomes = [bob.register('bob'), ann.login('bob')];
      stage.store.fail();
      expect(await Promise.all(outcomes)).toEqual([unknownError, unknownError]);
      const search = ann.search('ann');
      expect(stage.store.held).toEqual(['removeMessages']);
      stage.store.commit();
      expect(await search).toMatchObject({ status: Status.found });
    });
  });

  it('is forgotten with the account', async () => {
    ann.acknowledge(2);
    stage.store.fail();
    await turn();
    const deleted = ann.delete('ann');
    stage.store.commit();
    expect(await deleted).toEqual({ status: Status.deleted });
    expect(await ann.search('ann')).toEqual({ status: Status.notFound });
    expect(stage.store.held).toEqual([]);
  });

  it('loses nothing of a session that began before it failed', async () => {
    ann.acknowledge(2);
    ann.end();
    const again = stage.connect();
    const session = await logIn(again, 'ann');
    stage.store.fail();
    await turn();
    const read = await readAll(session);
    session.goLive();
    await turn();
    const all = [...read, ...again.pushed];
    expect(all).toEqual(['ann|one', 'ann|two', 'ann|three']);
    stage.store.holdsWrites = false;
    again.acknowledge(2);
    await again.search('ann');
    expect(await stage.store.mailbox('ann')).toEqual(['ann|three']);
  });
});
