export type { Harness, HarnessLimits, HarnessOptions } from './harness.ts';
export { type OpStep, opSuite } from './op-suite.ts';
export { playOpSuite } from './play-op-suite.ts';
export { describeChatClient } from './suite.ts';
