import { beforeEach, describe, expect, it } from 'vitest';
import { FaultyStore } from '../../test/store/faulty-store.ts';
import { defaultChatLimits } from '../limits.ts';
import { Session } from '../service/session.ts';
import { newAccount } from './account.ts';
import { AccountChanges } from './account-changes.ts';
import { Directory } from './directory.ts';

let store: FaultyStore;
let directory: Directory;
let changes: AccountChanges;

beforeEach(() => {
  store = new FaultyStore();
  store.holdsWrites = true;
  directory = new Directory();
  changes = new AccountChanges(directory, store, () => {});
});

/** Returns the outcome of each: true for those that became durable. */
async function outcomes(written: readonly Promise<void>[]): Promise<boolean[]> {
  const settled = await Promise.allSettled(written);
  return settled.map(({ status }) => status === 'fulfilled');
}

describe('changes of one name', () => {
  const first = newAccount('ann', 0);
  const second = newAccount('ann', 0);

  // The store fails those of the three that are false: who has the name then?
  it.each([
    { become: [true, true, true], owner: second },
    { become: [false, true, true], owner: second },
    { become: [true, false, true], owner: second },
    { become: [false, false, true], owner: second },
    { become: [true, true, false], owner: undefined },
    { become: [false, true, false], owner: undefined },
    { become: [true, false, false], owner: first },
    { become: [false, false, false], owner: undefined },
  ])('end as the store has it when they become durable: $become', async ({ become, owner }) => {
    const written = [changes.add(first), changes.remove('ann'), changes.add(second)];
    expect(directory.get('ann')).toBe(second);
    for (const durable of become) durable ? store.commit(1) : store.fail(1);
    expect(await outcomes(written)).toEqual(become);
    expect(directory.get('ann')).toBe(owner);
    expect(store.accounts()).toEqual(owner === undefined ? [] : ['ann']);
    expect(changes.settled('ann')).toBeUndefined();
    expect(changes.failures).toBe(become.filter((durable) => !durable).length);
  });

  it('end as the store has it though a later one fails first', async () => {
    const written = [changes.add(first), changes.remove('ann'), changes.add(second)];
    store.fail(1, 2);
    store.fail(1, 1);
    store.commit();
    expect(await outcomes(written)).toEqual([true, false, false]);
    expect(directory.get('ann')).toBe(first);
  });

  it('end the session of an account that was not to be', async () => {
    const account = newAccount('ann', 0);
    const added = changes.add(account);
    const session = new Session({
      account,
      store,
      limits: defaultChatLimits,
      receiver: {
        push: () => {},
        mailboxFailed: () => {},
        resumedElsewhere: () => {},
        dismissed: () => {},
      },
      lastMessageId: 0,
      onStoreError: () => {},
    });
    account.session = session;
    store.fail();
    expect(await outcomes([added])).toEqual([false]);
    expect(session.ended).toBe(true);
  });
});
