export { type OpStep, opSuite, playOpSuite } from './op-suite.ts';
export type { Harness, HarnessLimits, HarnessOptions } from './stage.ts';
export { describeChatClient } from './suite.ts';
