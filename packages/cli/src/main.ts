// The `tandem` command: each of its commands loads what it needs when it is called. The main.ts of a
// command puts its parts together, and nothing else does.
import { StandardOutput } from '@tandem/command';
import { loadCommands, tandemCommand } from './tandem-command.ts';

const output = StandardOutput.watch(process);
const program = tandemCommand(await loadCommands(process.argv.slice(2)), {
  serve: async (options) => {
    // Where to connect is for whoever started it; a server goes on when nobody reads it.
    output.forgive();
    await (await import('./serve/main.ts')).serve(options);
  },
  chat: async (options) => (await import('./chat/main.ts')).chat(options),
  demo: async (options) => (await import('./demo/main.ts')).demo(options),
  backUp: async (options) => (await import('./copy/main.ts')).backUp(options),
  check: async (options) => (await import('./check/main.ts')).check(options),
  restore: async (options) => (await import('./copy/main.ts')).restore(options),
});
await program.parseAsync();
