#!/usr/bin/env node
// The lab's command: each of its commands loads what it needs when it is called. The main.ts of a room
// puts its parts together, and nothing else does.
import { exitOnWrongUsage, StandardOutput, usageExitCode } from '@tandem/command';
import { labCommand } from './command.ts';
import { UsageError } from './usage-error.ts';

StandardOutput.watch(process);

const program = labCommand({
  run: async (options) => (await import('./run/main.ts')).run(options),
  load: async (address, options) => (await import('./load/main.ts')).load(address, options),
  seed: async (directory, options) => (await import('./seed/main.ts')).seed(directory, options),
  wire: async (options) => (await import('./bytes/main.ts')).wire(options),
  compare: async (...asked) => (await import('./compare/main.ts')).compare(...asked),
  combine: async (...asked) => (await import('./combine/main.ts')).combine(...asked),
  complexity: async (options) => (await import('./complexity/main.ts')).complexity(options),
  render: async (...asked) => (await import('./report/main.ts')).render(...asked),
  citeIn: async (...asked) => (await import('./citations/main.ts')).citeIn(...asked),
  list: async () => (await import('./run/list.ts')).list(),
});
exitOnWrongUsage(program);

await program.parseAsync().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = error instanceof UsageError ? usageExitCode : 1;
});
