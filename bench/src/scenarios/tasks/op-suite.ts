import { playOpSuite, opSuite as steps } from '@tandem/conformance/op-suite';
import type { LaneClient } from '../../lanes/lane.ts';
import { median } from '../../statistics/index.ts';
import { chatOf, needsChat } from '../applies.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { duration } from '../metrics.ts';
import type { Scenario } from '../scenario.ts';
import { operationsPerSetUp } from './set-up.ts';

/** The 2023 program's test of itself, one of its three timed tasks. */
export const opSuite: Scenario = {
  name: 'op-suite',
  family: 'op-suite',
  title: 'The op suite',
  question: 'How long does the 2023 program’s suite of 15 operations take, one after the other?',
  parameters: {},
  metrics: [duration('time', 'time of the suite')],
  notFor: needsChat,
  measure: async (context) => {
    let client: LaneClient | undefined;
    const timed = await timeTask(context, {
      // Each turn opens its connection anew.
      operationsPerTurn: steps.length + operationsPerSetUp,
      medianOnly: true,
      before: async () => {
        client = await context.connect();
      },
      turn: () => playOpSuite(chatOf(client as LaneClient)),
      // It leaves one account, logged in; the next turn needs an empty service.
      after: async () => {
        await client?.chat?.delete();
        await client?.close();
      },
    });
    return timedMeasurement(timed, { time: median(timed.durationsMs) * 1_000 });
  },
};
