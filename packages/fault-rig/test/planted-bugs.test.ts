import { describePlantedBugs } from './planted-bugs.ts';

// One of each kind. All of them are in planted-bugs.long.test.ts.
describePlantedBugs(
  [['forgets tokens at a restart', 'session-lost']],
  [
    ['swaps messages', 'out-of-order'],
    ['admits a user twice', 'two-sessions'],
  ],
);
