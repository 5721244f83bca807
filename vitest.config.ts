import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Processes that tests start find what compiling the same files gave the last time: a process takes
// half of its start-up time then.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('node_modules/.cache/compiled', import.meta.url),
);

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // A default import of a CommonJS package is its `module.exports`, as plain Node has it.
    deps: { interopDefault: false },
    // By default one fewer than there are cores, which leaves half of two idle.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages/*,protos,bench}/src/**/*.test.ts'],
          // Nothing here changes what all files share, so that a worker can take one after the other.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['{packages/*,protos,bench}/test/**/*.test.ts'],
          // Each of these starts a server and several clients.
          maxConcurrency: 3,
        },
      },
    ],
  },
});
