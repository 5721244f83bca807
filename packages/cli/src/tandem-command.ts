import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { AdminRequest } from './admin/admin-command.ts';
import type { CertificateCommandOptions } from './certificate/certificate-command.ts';
import type { ChatCommandOptions } from './chat/chat-command.ts';
import type { CheckCommandOptions } from './check/check-command.ts';
import type { ShellName } from './completion/completion-command.ts';
import type { CopyCommandOptions } from './copy/copy-command.ts';
import type { DemoCommandOptions } from './demo/demo-command.ts';
import type { MigrateCommandOptions } from './migrate/migrate-command.ts';
import type { OnceOptions } from './once/once-command.ts';
import type { ServeOptions } from './serve/options/serve-options.ts';

/** The action of each command. */
export interface Actions {
  readonly serve: (options: ServeOptions) => Promise<void>;
  readonly admin: (request: AdminRequest) => Promise<void>;
  readonly chat: (options: ChatCommandOptions) => Promise<void>;
  /** `register`, `send` and `search`. */
  readonly once: (options: OnceOptions) => Promise<void>;
  readonly complete: (shell: ShellName) => Promise<void>;
  readonly demo: (options: DemoCommandOptions) => Promise<void>;
  readonly backUp: (options: CopyCommandOptions) => Promise<void>;
  readonly check: (options: CheckCommandOptions) => Promise<void>;
  readonly certificate: (options: CertificateCommandOptions) => Promise<void>;
  readonly migrate: (options: MigrateCommandOptions) => Promise<void>;
  readonly restore: (options: CopyCommandOptions) => Promise<void>;
}

/** Makes one command. */
export type CommandMaker = (actions: Actions) => Command;

const loads: Readonly<Record<string, () => Promise<CommandMaker>>> = {
  serve: async () => {
    const { serveCommand } = await import('./serve/options/serve-command.ts');
    return ({ serve }) => serveCommand(serve);
  },
  chat: async () => {
    const { chatCommand } = await import('./chat/chat-command.ts');
    return ({ chat }) => chatCommand(chat);
  },
  register: async () => {
    const { registerCommand } = await import('./once/once-command.ts');
    return ({ once }) => registerCommand(once);
  },
  send: async () => {
    const { sendCommand } = await import('./once/once-command.ts');
    return ({ once }) => sendCommand(once);
  },
  search: async () => {
    const { searchCommand } = await import('./once/once-command.ts');
    return ({ once }) => searchCommand(once);
  },
  completion: async () => {
    const { completionCommand } = await import('./completion/completion-command.ts');
    return ({ complete }) => completionCommand(complete);
  },
  demo: async () => {
    const { demoCommand } = await import('./demo/demo-command.ts');
    return ({ demo }) => demoCommand(demo);
  },
  admin: async () => {
    const { adminCommand } = await import('./admin/admin-command.ts');
    return ({ admin }) => adminCommand(admin);
  },
  cluster: async () => {
    const { clusterCommand } = await import('./admin/cluster-command.ts');
    return ({ admin }) => clusterCommand(admin);
  },
  backup: async () => {
    const { backupCommand } = await import('./copy/copy-command.ts');
    return ({ backUp }) => backupCommand(backUp);
  },
  restore: async () => {
    const { restoreCommand } = await import('./copy/copy-command.ts');
    return ({ restore }) => restoreCommand(restore);
  },
  check: async () => {
    const { checkCommand } = await import('./check/check-command.ts');
    return ({ check }) => checkCommand(check);
  },
  migrate: async () => {
    const { migrateCommand } = await import('./migrate/migrate-command.ts');
    return ({ migrate }) => migrateCommand(migrate);
  },
  certificate: async () => {
    const { certificateCommand } = await import('./certificate/certificate-command.ts');
    return ({ certificate }) => certificateCommand(certificate);
  },
};

/**
 * Loads the command that a line begins with, and no other: a chat has its prompt earlier. Loads all
 * where the line begins with no command, so that help lists them.
 */
export function loadCommands([name = '']: readonly string[]): Promise<CommandMaker[]> {
  const load = Object.hasOwn(loads, name) ? loads[name] : undefined;
  return Promise.all((load === undefined ? Object.values(loads) : [load]).map((each) => each()));
}

/** Loads all commands. */
export function loadAllCommands(): Promise<CommandMaker[]> {
  return loadCommands([]);
}

/** The `tandem` command with these of its commands: its help, its options, and what they may be. */
export function tandemCommand(makers: readonly CommandMaker[], actions: Actions): Command {
  const program = new Command('tandem')
    .description('A chat service: a server, and a client for the terminal.')
    .version(manifest.version)
    .addHelpText(
      'after',
      '\nThe help of a command names the environment variable of each option that has one.',
    );
  for (const make of makers) program.addCommand(make(actions));
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of [program, ...commands]) command.showHelpAfterError('Try --help.');
  return program;
}
