import type { Lane } from './lane.ts';
import { lane as original } from './sockets-framed.ts';

/** The same under another name: what the rig takes for a difference here is its noise. */
export const lane: Lane = {
  ...original,
  name: 'sockets-framed-again',
  title: 'sockets, framed (again)',
  description: 'The lane sockets-framed once more, to see what two equal lanes come to differ by.',
  kind: 'control',
  baselines: ['sockets-framed'],
};
