import { nameIndex } from './names.ts';
import { nodeFunctions } from './nodes.ts';
import { stepFunctions } from './steps.ts';
import { tables } from './tables.ts';
import { trafficFunctions } from './traffic.ts';

/**
 * The steps of the schema, each of which takes a database from the version that is its index to the next.
 * A step that has been released is not changed: a change is a further step.
 */
export const schemaSteps: readonly string[] = [
  [tables, nodeFunctions, trafficFunctions, stepFunctions, nameIndex].join(''),
];
