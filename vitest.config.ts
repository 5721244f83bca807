import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { patienceMs } from './packages/command/test/patience.ts';

// Processes that tests start find what compiling the same files gave the last time: a process takes
// half of its start-up time then.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('node_modules/.cache/compiled', import.meta.url),
);

// The first PostgreSQL of a version makes data, which the others copy.
process.env.POSTGRES_DATA_KEPT_IN ??= fileURLToPath(
  new URL('node_modules/.cache/postgres', import.meta.url),
);

// No settings of whoever runs the tests.
process.env.XDG_CONFIG_HOME = fileURLToPath(
  new URL('node_modules/.cache/no-config', import.meta.url),
);

/** Directories with files that take a minute: begun last, one of them would keep one worker alone busy. */
const long = ['packages/fault-rig/test/', 'bench/test/', 'packages/conformance/test/'];

/**
 * Files that repeat, to find what happens rarely, or that take all of many cases of which another file
 * takes some: `pnpm test:long` runs them, and `pnpm test` does not.
 */
const repeating = '{packages/*,bench}/test/**/*.long.test.ts';

/** The settings of all projects of tests that start processes. */
const processes = {
  // Each file takes back what it changes in its own process.
  isolate: false,
  // Each of these starts a server and several clients.
  maxConcurrency: 3,
};

/** Files that replace a module for their whole process. */
const alone = ['packages/chat/test/store/sqlite/sync.test.ts'];

/** Begins with what takes longest, also where nothing is known of an earlier run. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      long.some((part) => moduleId.includes(part));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // A test may await several things, and a PostgreSQL starts in a hook.
    testTimeout: 3 * patienceMs,
    hookTimeout: 3 * patienceMs,
    expect: { poll: { timeout: patienceMs, interval: 20 } },
    // A default import of a CommonJS package is its `module.exports`, as plain Node has it.
    deps: { interopDefault: false },
    // One more than there are cores: tests of processes wait for a fifth of their time. Of many cores
    // not all, since each worker starts several processes. `pnpm test:unit`, whose tests do not wait, has
    // one for each core.
    maxWorkers: Math.min(availableParallelism(), 4) + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages/*,protos,bench}/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // Nothing here changes what all files share, so that a worker can take one after the other.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['{packages/*,protos,bench}/test/**/*.test.ts'],
          exclude: [...alone, repeating],
          ...processes,
        },
      },
      { extends: true, test: { name: 'long', include: [repeating], ...processes } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
