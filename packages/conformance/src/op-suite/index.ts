export { playOpSuite } from './play.ts';
export { type OpStep, opSuite } from './steps.ts';
