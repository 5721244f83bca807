import { expect, it } from 'vitest';
import { SentBytes } from '../../../src/store/sent-bytes.ts';
import { GroupCommit } from '../../../src/store/sqlite/commit/group-commit.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const unexpected = () => expect.unreachable();

/** Group commit that only counts, with a disk that takes no time. */
function counting() {
  const counts = { written: 0, synced: 0 };
  const commits = new GroupCommit({
    sent: new SentBytes(),
    write: () => {
      counts.written++;
      return new Map();
    },
    sync: async () => {
      counts.synced++;
    },
    explain: unexpected,
    onFailure: unexpected,
    onSyncFailure: unexpected,
  });
  return { commits, counts };
}

it('makes durable what is written, although more than a transaction comes in every turn', async () => {
  const { commits, counts } = counting();
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
  expect(counts.written).toBeGreaterThanOrEqual(10);
  // A turn to write in, and a turn to begin with the sync.
  expect(counts.synced).toBeGreaterThanOrEqual(4);
  await commits.drain();
});

it('makes the transaction of this turn when it is told that other work is to come, and no other', async () => {
  const { commits, counts } = counting();
  commits.commitDue();
  expect(counts).toEqual({ written: 0, synced: 0 });
  const added = commits.batch.addAccount('alice');
  commits.added();
  commits.commitDue();
  expect(counts).toEqual({ written: 1, synced: 1 });
  await added;
  await turn();
  expect(counts).toEqual({ written: 1, synced: 1 });
});
