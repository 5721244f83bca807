import type { Lane } from './lane.ts';
import { lane as original } from './sockets-framed.ts';

/** The same lane under another name: a difference between the two is noise of the rig. */
export const lane: Lane = {
  ...original,
  name: 'sockets-framed-again',
  title: 'sockets, framed (again)',
  description: 'The lane sockets-framed once more, to see how much two equal lanes differ.',
  kind: 'control',
  baselines: ['sockets-framed'],
};
