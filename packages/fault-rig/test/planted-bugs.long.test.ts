import { type Bug, describePlantedBugs } from './planted-bugs.ts';

// Only a server that starts again shows these.
const bugsOfCrashes: readonly Bug[] = [
  ['answers before the commit', 'lost'],
  ['drops a message on a crash', 'lost'],
  ['confirms an acknowledgement before the commit', 'returned'],
  ['answers a register before the commit', 'account-lost'],
  ['forgets tokens at a restart', 'session-lost'],
  ['forgets at a restart what a resume says was taken', 'resumed-again'],
];

// A server shows these while it runs.
const otherBugs: readonly Bug[] = [
  ['repeats a message in place of another', 'repeated'],
  ['alters a message', 'invented'],
  ['returns what was acknowledged', 'returned'],
  ['takes more than was acknowledged', 'lost'],
  ['leaves a message out of its batch', 'lost'],
  ['keeps a deleted mailbox', 'deleted-kept'],
  ['swaps messages', 'out-of-order'],
  ['admits a user twice', 'two-sessions'],
  ['goes on with a session that is resumed elsewhere', 'two-sessions'],
  ['ignores what a resume says was taken', 'resumed-again'],
  ['takes more than a resume says', 'lost'],
];

describePlantedBugs(bugsOfCrashes, otherBugs);
