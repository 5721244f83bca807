// The `tandem` command: each of its commands loads what it needs when it is called. The main.ts of a
// command puts its parts together, and nothing else does.
import { exitOnWrongUsage, StandardOutput } from '@tandem/command';
import { type Actions, loadAllCommands, loadCommands, tandemCommand } from './tandem-command.ts';
import { explainUnknownVariables } from './variables.ts';

const output = StandardOutput.watch(process);
const actions: Actions = {
  serve: async (options) => {
    // Where to connect is for whoever started it; a server goes on when nobody reads it.
    output.forgive();
    leaveRemovedDirectory();
    await (await import('./serve/main.ts')).serve(options, unknownVariables);
  },
  admin: async (request) => (await import('./admin/main.ts')).admin(request),
  chat: async (options) => (await import('./chat/main.ts')).chat(options),
  once: async (options) => (await import('./once/main.ts')).once(options),
  complete: async (shell) => {
    const { commands } = tandemCommand(await loadAllCommands(), actions);
    (await import('./completion/main.ts')).complete(shell, commands);
  },
  demo: async (options) => {
    leaveRemovedDirectory();
    await (await import('./demo/main.ts')).demo(options);
  },
  backUp: async (options) => (await import('./copy/main.ts')).backUp(options),
  check: async (options) => (await import('./check/main.ts')).check(options),
  certificate: async (options) => (await import('./certificate/main.ts')).certificate(options),
  migrate: async (options) => (await import('./migrate/main.ts')).migrate(options),
  restore: async (options) => (await import('./copy/main.ts')).restore(options),
};
const program = tandemCommand(await loadCommands(process.argv.slice(2)), actions);
exitOnWrongUsage(program);
const unknownVariables = await explainUnknownVariables(
  process.env,
  program.commands,
  async () => tandemCommand(await loadAllCommands(), actions).commands,
);
program.hook('preAction', (_program, command) => {
  // A server that serves has a log for them.
  if (command.name() === 'serve' && command.opts().printConfig !== true) return;
  for (const warning of unknownVariables) process.stderr.write(`Warning: ${warning}\n`);
});
await program.parseAsync();

/**
 * Leaves a working directory that has been removed: the thread that hashes secrets would not start in it. To
 * be called when the paths of the options are whole.
 */
function leaveRemovedDirectory(): void {
  try {
    process.cwd();
  } catch {
    process.chdir('/');
  }
}
