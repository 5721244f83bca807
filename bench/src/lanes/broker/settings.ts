import type { LaneSettings } from '../lane.ts';

/** The fairness ledger's entries of every broker. */
export const brokerSettings = {
  deadlines: 'none',
  keepalive: 'none on the client; the broker asks nothing within a run',
  compression: 'none',
  logging: 'none',
} as const satisfies Partial<LaneSettings>;
