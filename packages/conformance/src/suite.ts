import { beforeEach, describe, expect, onTestFinished, type RunnerTask, test } from 'vitest';
import { describeAccounts } from './accounts.ts';
import { describeClosing } from './closing.ts';
import { describeContent } from './content.ts';
import { describeDelivery, describeSending } from './delivery.ts';
import { describeIdentity } from './identity.ts';
import { describeMailboxes } from './mailboxes.ts';
import { opSuite, playOpSuite } from './op-suite.ts';
import { describeSearching } from './searching.ts';
import { describeSessions } from './sessions.ts';
import type { HarnessOptions } from './stage.ts';
import { type Open, Stage } from './stage.ts';

/** The suite that every ChatClient passes, whatever its transport; clients of several may be mixed. */
export function describeChatClient(name: string, options: HarnessOptions): void {
  const keepsOrder = options.keepsOrderOfOverlappingCalls ?? true;
  const open: Open = async (limits = {}) => {
    const stage = new Stage(await options.start(limits), keepsOrder);
    onTestFinished(() => stage.end());
    return stage;
  };

  describe(name, () => {
    if (options.doesNotApply !== undefined) skip(options.doesNotApply);

    if (options.mixed !== true) describeOneClient(open);
    describeAccounts(open);
    describeSessions(open);
    describeSending(open);
    describeMailboxes(open);
    describeDelivery(open, keepsOrder);
    if (options.knowsIdentity ?? true) describeIdentity(open);
  });
}

/** Tests in which one client asks. */
function describeOneClient(open: Open): void {
  test('has the outcomes of the op suite of 2023', async () => {
    const stage = await open();
    const outcomes = await playOpSuite(await stage.connect());
    expect(outcomes).toEqual(opSuite.filter(({ operation }) => operation !== 'unknown'));
  });

  describeContent(open);
  describeSearching(open);
  describeClosing(open);
}

/** Skips tests by name, each with the reason why. */
function skip(reasons: Readonly<Record<string, string>>): void {
  beforeEach(({ task, skip: skipTest }) => {
    const reason = Object.hasOwn(reasons, task.name) ? reasons[task.name] : undefined;
    if (reason !== undefined) skipTest(reason);
  });
  test('skips only tests that there are', ({ task }) => {
    const names = namesOf(task.suite?.tasks ?? []);
    expect(names).toEqual(expect.arrayContaining(Object.keys(reasons)));
  });
}

function namesOf(tasks: readonly RunnerTask[]): string[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? namesOf(task.tasks) : [task.name]));
}
