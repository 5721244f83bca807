import { expect, it } from 'vitest';
import { FaultyStore } from './faulty-store.ts';
import { describeStore } from './store-contract.ts';

describeStore('faulty', async () => ({ store: new FaultyStore() }));

it('a faulty store forgets a write that failed, and keeps those around it', async () => {
  const store = new FaultyStore();
  await store.addAccount('ann');
  store.holdsWrites = true;
  const writes = [1, 2, 3].map((id) =>
    store.addMessage('ann', { id, sender: 'bob', body: `${id}` }),
  );
  expect(await store.mailbox('ann')).toEqual(['bob|1', 'bob|2', 'bob|3']);
  store.fail(1, 1);
  await expect(writes[1]).rejects.toThrow('the disk is full');
  store.commit();
  await Promise.all([writes[0], writes[2]]);
  expect(await store.mailbox('ann')).toEqual(['bob|1', 'bob|3']);
});
