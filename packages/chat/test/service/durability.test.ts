import { Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { logIn, Stage, stateOf, type TestPeer, turn } from '../stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

/** Expects that the response is given when the writes that are held are durable, and not before. */
async function expectAnswerAtCommit(
  outcome: object | Promise<object>,
  status: Status,
): Promise<void> {
  expect(await stateOf(outcome)).toBe('waiting');
  stage.store.commit();
  expect(await outcome).toMatchObject({ status });
}

describe('a response is given when what it says is durable', () => {
  it('of a register: 1', async () => {
    stage.store.holdsWrites = true;
    await expectAnswerAtCommit(stage.connect().register('ann'), Status.registered);
  });

  it('of a register: 2, when the name was just taken', async () => {
    stage.store.holdsWrites = true;
    const first = stage.connect().register('ann');
    await expectAnswerAtCommit(stage.connect().register('ann'), Status.usernameTaken);
    expect(await first).toEqual({ status: Status.registered });
  });

  it('of a login of an account that was just made: 8, and 11', async () => {
    stage.store.holdsWrites = true;
    void stage.connect().register('ann');
    const first = stage.connect().login('ann');
    await expectAnswerAtCommit(stage.connect().login('ann'), Status.alreadyLoggedIn);
    expect(await first).toMatchObject({ status: Status.loggedIn });
  });

  it('of a login of an account that was just deleted: 10', async () => {
    const ann = await stage.newUser('ann');
    stage.store.holdsWrites = true;
    void ann.delete('ann');
    await expectAnswerAtCommit(stage.connect().login('ann'), Status.notRegistered);
  });

  it('of a send: 24, though it was pushed before', async () => {
    const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
    stage.store.holdsWrites = true;
    const sent = ann.send('ann', 'bob', 'hi');
    expect(bob.pushed).toEqual(['ann|hi']);
    await expectAnswerAtCommit(sent, Status.delivered);
  });

  it('of a send: 25', async () => {
    const ann = await stage.newUser('ann');
    await stage.register('bob');
    stage.store.holdsWrites = true;
    await expectAnswerAtCommit(ann.send('ann', 'bob', 'hi'), Status.stored);
  });

  it('of a send to an account that was just made: 25 waits for the account too', async () => {
    const ann = await stage.newUser('ann');
    stage.store.holdsWrites = true;
    const registered = stage.connect().register('bob');
    const sent = ann.send('ann', 'bob', 'hi');
    stage.store.fail(1);
    stage.store.commit();
    expect(await registered).toEqual({ status: Status.unknownError });
    expect(await sent).toEqual({ status: Status.unknownError });
    await stage.expectAgreement();
  });

  it('of a send that is taken at once: 24 before anything is durable', async () => {
    const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
    stage.store.holdsWrites = true;
    stage.store.takes = true;
    const sent = ann.send('ann', 'bob', 'hi');
    bob.acknowledge(1);
    expect(await sent).toEqual({ status: Status.delivered });
    expect(stage.store.held).toEqual([]);
    await stage.expectAgreement();
  });

  it('of a send that is taken at once: it waits for the account that sent it, if that is new', async () => {
    const bob = await stage.newUser('bob');
    stage.store.holdsWrites = true;
    stage.store.takes = true;
    const ann = stage.connect();
    const outcomes = [ann.register('ann'), ann.login('ann')];
    const sent = ann.send('ann', 'bob', 'hi');
    bob.acknowledge(1);
    expect(await stateOf(sent)).toBe('waiting');
    stage.store.fail();
    expect(await sent).toEqual({ status: Status.unknownError });
    await Promise.all<unknown>(outcomes);
    await stage.expectAgreement();
  });

  it('of a send to an account that was just deleted: 26', async () => {
    const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
    stage.store.holdsWrites = true;
    void bob.delete('bob');
    await expectAnswerAtCommit(ann.send('ann', 'bob', 'hi'), Status.noSuchUser);
  });

  it('of a delete: 48', async () => {
    const ann = await stage.newUser('ann');
    stage.store.holdsWrites = true;
    await expectAnswerAtCommit(ann.delete('ann'), Status.deleted);
  });

  it('of a search that names an account that was just made: 16', async () => {
    stage.store.holdsWrites = true;
    void stage.connect().register('ann');
    await expectAnswerAtCommit(stage.connect().search('a*'), Status.found);
  });

  it('of a search that misses an account that was just deleted: 17', async () => {
    const ann = await stage.newUser('ann');
    stage.store.holdsWrites = true;
    void ann.delete('ann');
    await expectAnswerAtCommit(stage.connect().search('a*'), Status.notFound);
  });
});

describe('a removal that nobody waits for', () => {
  it('is hurried when a response confirms it, and at a logout, and not before', async () => {
    const ann = await stage.newUser('ann');
    await ann.send('ann', 'ann', 'hi');
    stage.store.holdsWrites = true;
    stage.store.flushes = 0;
    ann.acknowledge(1);
    await turn();
    expect(stage.store.flushes).toBe(0);
    const search = ann.search('a*');
    expect(stage.store.flushes).toBe(1);
    stage.store.commit();
    await search;
    await ann.search('a*');
    // Nothing is left to be confirmed.
    expect(stage.store.flushes).toBe(1);
    void ann.send('ann', 'ann', 'ho');
    stage.store.commit();
    ann.acknowledge(2);
    const loggedOut = ann.logout('ann');
    expect(stage.store.flushes).toBe(2);
    stage.store.commit();
    await loggedOut;
  });
});

describe('an acknowledgement is confirmed by any later response', () => {
  let ann: TestPeer;

  beforeEach(async () => {
    ann = await stage.newUser('ann');
    await stage.register('bob');
    for (const body of ['one', 'two', 'three']) await ann.send('ann', 'ann', body);
    stage.store.holdsWrites = true;
  });

  const requests: readonly (readonly [
    string,
    (agent: TestPeer) => object | Promise<object>,
    Status,
  ])[] = [
    ['register', (agent) => agent.register('bob'), Status.usernameTaken],
    ['login', (agent) => agent.login('ann'), Status.sessionInUse],
    ['search', (agent) => agent.search('b*'), Status.found],
    ['send', (agent) => agent.send('ann', 'nobody', 'hi'), Status.noSuchUser],
    ['logout', (agent) => agent.logout('ann'), Status.loggedOut],
    ['invalid search', (agent) => agent.search('!'), Status.invalidContent],
    ['delete of another', (agent) => agent.delete('bob'), Status.notLoggedIn],
  ];

  it.each(requests)('that of a %s', async (_, request, status) => {
    ann.acknowledge(2);
    await expectAnswerAtCommit(request(ann), status);
    expect(await stage.store.mailbox('ann')).toEqual(['ann|three']);
  });

  it('though the same or a lower count was said since', async () => {
    ann.acknowledge(2);
    ann.acknowledge(2);
    ann.acknowledge(1);
    await expectAnswerAtCommit(ann.search('b*'), Status.found);
  });

  it('though the session has ended since, and another began', async () => {
    ann.acknowledge(2);
    ann.end();
    await expectAnswerAtCommit(ann.login('ann'), Status.loggedInUnread);
  });

  it('that of a send that could not be kept: 27', async () => {
    ann.acknowledge(2);
    const sent = ann.send('ann', 'bob', 'hi');
    // The removal is before it.
    stage.store.fail(1, 1);
    await expectAnswerAtCommit(sent, Status.sendFailed);
  });

  it('that of who is told to try again later: 123', async () => {
    const small = await Stage.open({ accountsMax: 1 });
    const bob = await small.newUser('bob');
    await bob.send('bob', 'bob', 'hi');
    small.store.holdsWrites = true;
    bob.acknowledge(1);
    const registered = bob.register('cid');
    expect(await stateOf(registered)).toBe('waiting');
    small.store.commit();
    expect(await registered).toEqual({ status: Status.tooBusy });
  });

  it('and not by the response to a request made before it', async () => {
    const search = ann.search('b*');
    ann.acknowledge(1);
    expect(await search).toMatchObject({ status: Status.found });
  });
});

describe('operations that overlap', () => {
  it('decide in their order and share a commit', async () => {
    stage.store.holdsWrites = true;
    const [ann, other] = [stage.connect(), stage.connect()];
    const outcomes = [
      ann.register('ann'),
      ann.login('ann'),
      ann.send('ann', 'ann', 'hi'),
      other.register('ann'),
      other.login('ann'),
      ann.delete('ann'),
      other.login('ann'),
      other.register('ann'),
      other.login('ann'),
      other.send('ann', 'ann', 'ho'),
    ];
    await turn();
    expect(stage.store.held).toEqual([
      'addAccount',
      'addMessage',
      'removeAccount',
      'addAccount',
      'addMessage',
    ]);
    stage.store.commit();
    const statuses = (await Promise.all<{ status: Status }>(outcomes)).map(({ status }) => status);
    expect(statuses).toEqual([1, 8, 24, 2, 11, 48, 10, 1, 8, 24]);
    await stage.expectAgreement();
  });

  it('close the store once they are done, and only once', async () => {
    const ann = await stage.newUser('ann');
    stage.store.holdsWrites = true;
    const sent = ann.send('ann', 'ann', 'hi');
    await Promise.all([stage.service.close(), stage.service.close()]);
    expect(await sent).toEqual({ status: Status.delivered });
    expect(stage.store.closed).toBe(1);
    expect(ann.username).toBeUndefined();
  });

  it('find at the next login what was sent before it, durable or not', async () => {
    const ann = await stage.newUser('ann');
    await stage.register('bob');
    stage.store.holdsWrites = true;
    const sent = ann.send('ann', 'bob', 'hi');
    const session = await logIn(stage.connect(), 'bob');
    expect(session.unread).toBe(1);
    expect(await session.readUnread(9)).toMatchObject([{ sender: 'ann', body: 'hi' }]);
    stage.store.commit();
    expect(await sent).toEqual({ status: Status.stored });
  });
});
