import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SqliteStore } from '../../../src/index.ts';
import { areSame, type PlannedState, planWrites, play, randomNumbers, read } from './crash-plan.ts';
import { newDataDirectory } from './data-directory.ts';

const writer = fileURLToPath(new URL('./fixtures/write-until-killed.ts', import.meta.url));

/**
 * Lets a process write, kills it once it has said that `writes` more are durable and another moment is
 * over, and returns up to which write of the plan it said so.
 */
async function writeAndKill(
  directory: string,
  seed: number,
  skip: number,
  writes: number,
): Promise<number> {
  const child = spawn(process.execPath, [writer, directory, String(seed), String(skip)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let durable = skip;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'ready') durable = Math.max(durable, Number(line));
    // Killed many times over: the last lines, which are read after that, count too.
    if (durable >= skip + writes) child.kill('SIGKILL');
  }
  if (child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return durable;
}

/** Returns the number of writes of the plan that make this state, at least `durable`; undefined if none do. */
function writesThatMake(state: PlannedState, seed: number, durable: number): number | undefined {
  const model: PlannedState = new Map();
  let made = 0;
  for (const write of planWrites(seed)) {
    if (made >= durable && areSame(model, state)) return made;
    // What a process had under way when it was killed is far less.
    if (made > durable + 5_000) return undefined;
    play(model, write);
    made++;
  }
}

/** Tests that a store has what it said was durable after each of so many kills. */
export function testCrashes(kills: number): void {
  it(
    `has after SIGKILL all that it said was durable, and no half of anything (${kills} times)`,
    async () => {
      const seed = Number(process.env.TANDEM_TEST_SEED ?? Date.now() % 1_000_000);
      const random = randomNumbers(seed);
      const directory = newDataDirectory();
      let made = 0;
      for (let kill = 1; kill <= kills; kill++) {
        const durable = await writeAndKill(directory, seed, made, Math.floor(random() * 2_000));
        const store = await SqliteStore.open({ directory });
        const state = await read(store);
        await store.close();
        const found = writesThatMake(state, seed, durable);
        if (found === undefined) {
          const what = `${state.size} accounts, of which hub has ${state.get('hub')?.length}`;
          throw new Error(
            `seed ${seed}, kill ${kill}: ${what}; no ${durable} or more writes make that`,
          );
        }
        made = found;
      }
    },
    15_000 * kills,
  );
}
