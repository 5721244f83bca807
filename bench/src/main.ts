#!/usr/bin/env node
// The lab's command: each of its commands loads what it needs when it is called. The main.ts of a room
// puts its parts together, and nothing else does.
import { StandardOutput } from '@tandem/command';
import type { CommanderError } from 'commander';
import { labCommand } from './command.ts';
import { UsageError } from './usage-error.ts';

StandardOutput.watch(process);

// What cannot be asked for ends with 2, whoever finds it.
const ended = ({ exitCode }: CommanderError) => process.exit(exitCode === 0 ? 0 : 2);
const program = labCommand({
  run: async (options) => (await import('./run/main.ts')).run(options),
  load: async (address, options) => (await import('./load/main.ts')).load(address, options),
  seed: async (directory, options) => (await import('./seed/main.ts')).seed(directory, options),
  wire: async (options) => (await import('./wire/main.ts')).wire(options),
  compare: async (...asked) => (await import('./compare/main.ts')).compare(...asked),
  combine: async (...asked) => (await import('./combine/main.ts')).combine(...asked),
  complexity: async (options) => (await import('./complexity/main.ts')).complexity(options),
  render: async (...asked) => (await import('./report/main.ts')).render(...asked),
  citeIn: async (...asked) => (await import('./citations/main.ts')).citeIn(...asked),
  list: async () => (await import('./run/list.ts')).list(),
});
for (const command of [program, ...program.commands]) command.exitOverride(ended);

await program.parseAsync().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
