import { expect, it } from 'vitest';
import { SentBytes } from '../../../src/store/sent-bytes.ts';
import { GroupCommit } from '../../../src/store/sqlite/commit/group-commit.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('makes durable what is written, although more than a transaction comes in every turn', async () => {
  let [written, synced] = [0, 0];
  const unexpected = () => expect.unreachable();
  const commits = new GroupCommit({
    sent: new SentBytes(),
    write: () => {
      written++;
      return new Map();
    },
    sync: async () => {
      synced++;
    },
    explain: unexpected,
    onFailure: unexpected,
    onSyncFailure: unexpected,
  });
  let names = 0;
  for (let i = 0; i < 10; i++) {
    // As a flood does: what it asks for next is planned before what it has asked for is committed.
    const next = turn();
    for (let j = 0; j < 600; j++) {
      void commits.batch.addAccount(`user${names++}`);
      commits.added();
    }
    await next;
  }
  expect(written).toBeGreaterThanOrEqual(10);
  // A turn to write in, and a turn to begin with the sync.
  expect(synced).toBeGreaterThanOrEqual(4);
  await commits.drain();
});
