import type { Report } from '../schema/report.ts';

const source =
  'published with the 2023 program: Python, on the machine of its authors, not measured here';

/**
 * The published figures of the seed of this project, a Python program of 2023. Of another machine and
 * another runtime: these figures stand beside ours to be seen, and no ratio is taken with them.
 */
export const published: Report['published'] = [
  { task: 'set-up', transport: 'sockets', seconds: 0.0022, source },
  { task: 'set-up', transport: 'grpc', seconds: 0.0189, source },
  { task: 'op-suite', transport: 'sockets', seconds: 0.0024, source },
  { task: 'op-suite', transport: 'grpc', seconds: 0.0187, source },
  { task: 'registers-100', transport: 'sockets', seconds: 0.0175, source },
  { task: 'registers-100', transport: 'grpc', seconds: 0.0712, source },
];
