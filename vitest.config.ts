import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages/*,protos,bench}/{src,test}/**/*.test.ts'],
    testTimeout: 30_000,
    // A default import of a CommonJS package is its `module.exports`, as plain Node has it.
    deps: { interopDefault: false },
  },
});
