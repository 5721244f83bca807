export type { Harness, HarnessLimits, HarnessOptions } from './harness.ts';
export { type OpStep, opSuite, playOpSuite } from './op-suite/index.ts';
export { describeChatClient } from './suite.ts';
