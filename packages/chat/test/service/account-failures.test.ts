import { Status } from '@tandem/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listed } from '../listed.ts';
import { logIn, readAll, Stage, stateOf, type TestPeer } from '../stage.ts';

const unknownError = { status: Status.unknownError };

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

// Whatever failed, what the service shows is what the store has.
afterEach(() => stage.expectAgreement());

describe('a register that fails', () => {
  it('is 127, is told, and leaves no account', async () => {
    stage.store.holdsWrites = true;
    const registered = stage.connect().register('ann');
    stage.store.fail();
    expect(await registered).toEqual(unknownError);
    expect(stage.storeErrors).toMatchObject([{ message: 'the disk is full' }]);
    stage.store.holdsWrites = false;
    expect(await stage.connect().login('ann')).toEqual({ status: Status.notRegistered });
    await stage.register('ann');
  });

  it('takes with it the register and the login that relied on it, and the session', async () => {
    stage.store.holdsWrites = true;
    const [ann, other] = [stage.connect(), stage.connect()];
    const outcomes = [ann.register('ann'), other.register('ann'), ann.login('ann')];
    expect(ann.username).toBe('ann');
    stage.store.fail();
    expect(await Promise.all(outcomes)).toEqual([unknownError, unknownError, unknownError]);
    expect(ann.username).toBeUndefined();
  });

  it('lets nobody act in the name whoever registers it next', async () => {
    stage.store.holdsWrites = true;
    const ann = stage.connect();
    const outcomes = [ann.register('ann'), ann.login('ann')];
    stage.store.fail();
    await Promise.all(outcomes);
    stage.store.holdsWrites = false;
    await stage.newUser('ann');
    expect(await ann.send('ann', 'ann', 'hi')).toEqual({ status: Status.notLoggedIn });
    expect(await ann.delete('ann')).toEqual({ status: Status.notLoggedIn });
    expect(ann.acknowledge(1)).toBe(true);
  });

  it('is not named by a search that saw it', async () => {
    await stage.register('anna');
    stage.store.holdsWrites = true;
    void stage.connect().register('ann');
    const search = stage.connect().search('ann*');
    const other = stage.connect().search('ann');
    expect(await stateOf(search)).toBe('waiting');
    stage.store.fail();
    expect(listed(await search)).toEqual({ status: Status.found, usernames: ['anna'] });
    expect(await other).toEqual({ status: Status.notFound });
  });

  it('leaves alone an account of the same name that came since', async () => {
    stage.store.holdsWrites = true;
    const ann = stage.connect();
    const outcomes = [ann.register('ann'), ann.login('ann'), ann.delete('ann')];
    const registered = stage.connect().register('ann');
    stage.store.fail(1);
    stage.store.commit();
    expect(await Promise.all(outcomes)).toEqual([
      unknownError,
      // It was answered with the account that exists now, and its session is over.
      expect.objectContaining({ status: Status.unknownError }),
      { status: Status.deleted },
    ]);
    expect(await registered).toEqual({ status: Status.registered });
    expect(stage.store.accounts()).toEqual(['ann']);
  });
});

describe('a delete that fails', () => {
  let ann: TestPeer;

  beforeEach(async () => {
    ann = await stage.newUser('ann');
    await ann.send('ann', 'ann', 'hi');
    stage.store.holdsWrites = true;
  });

  it('is 127, and undone, mailbox and all; the session is over', async () => {
    const outcomes = [ann.delete('ann'), stage.connect().login('ann')];
    stage.store.fail();
    expect(await Promise.all(outcomes)).toEqual([unknownError, unknownError]);
    expect(ann.username).toBeUndefined();
    expect(await readAll(await logIn(ann, 'ann'))).toEqual(['ann|hi']);
  });

  it('together with the register behind it leaves the account as it was', async () => {
    const outcomes = [ann.delete('ann'), stage.connect().register('ann')];
    stage.store.fail();
    expect(await Promise.all(outcomes)).toEqual([unknownError, unknownError]);
    expect(stage.store.accounts()).toEqual(['ann']);
  });

  it('is undone though the account became durable only meanwhile', async () => {
    const bob = stage.connect();
    const outcomes = [bob.register('bob'), bob.login('bob'), bob.delete('bob')];
    stage.store.commit(1);
    stage.store.fail();
    expect(await Promise.all(outcomes)).toMatchObject([
      { status: Status.registered },
      { status: Status.loggedIn },
      unknownError,
    ]);
    expect(stage.store.accounts()).toEqual(['ann', 'bob']);
  });

  it('does not bring back an account that was never made', async () => {
    const bob = stage.connect();
    const outcomes = [bob.register('bob'), bob.login('bob'), bob.delete('bob')];
    stage.store.fail();
    await Promise.all(outcomes);
    expect(stage.store.accounts()).toEqual(['ann']);
  });

  it('gives the mailbox to nobody who registers the name', async () => {
    const deleted = ann.delete('ann');
    const registered = stage.connect().register('ann');
    stage.store.fail(1);
    stage.store.commit();
    expect(await deleted).toEqual(unknownError);
    expect(await registered).toEqual({ status: Status.registered });
    expect(await logIn(stage.connect(), 'ann')).toMatchObject({ unread: 0 });
  });
});
