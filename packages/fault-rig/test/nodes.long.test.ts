import { type BugOfNodes, describeBugsOfNodes, nodesUnderSoak } from './soak-nodes.ts';

// The first plan of each seed has the faults that the bug takes. The order of ids takes none, and many messages.
const bugs: readonly BugOfNodes[] = [
  { bug: 'has no fence', seed: 17642, rules: ['two-sessions'] },
  { bug: 'orders by ids', seed: 866, rules: ['lost'], roundSeconds: 4 },
  { bug: 'pushes before the commit', seed: 1, rules: ['lost', 'repeated', 'returned'] },
  { bug: 'sends again what is in doubt', seed: 3383, rules: ['repeated', 'returned'] },
  {
    bug: 'takes a wait that was given up for a commit',
    seed: 890,
    rules: ['lost'],
    hasStandby: true,
  },
];

describeBugsOfNodes(bugs, nodesUnderSoak());
