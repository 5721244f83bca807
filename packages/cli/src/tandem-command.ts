import { Command } from 'commander';
import { type ChatCommandOptions, chatCommand } from './chat-command.ts';
import { type CheckCommandOptions, checkCommand } from './check-command.ts';
import { backupCommand, type CopyCommandOptions, restoreCommand } from './copy-command.ts';
import { type DemoCommandOptions, demoCommand } from './demo-command.ts';
import { type ServeOptions, serveCommand } from './serve-command.ts';

/** What each command does with what it is told. */
export interface Actions {
  readonly serve: (options: ServeOptions) => Promise<void>;
  readonly chat: (options: ChatCommandOptions) => Promise<void>;
  readonly demo: (options: DemoCommandOptions) => Promise<void>;
  readonly backUp: (options: CopyCommandOptions) => Promise<void>;
  readonly check: (options: CheckCommandOptions) => Promise<void>;
  readonly restore: (options: CopyCommandOptions) => Promise<void>;
}

/** The `tandem` command with all that it can do: its help, its options, and what they may be. */
export function tandemCommand(actions: Actions): Command {
  const program = new Command('tandem')
    .description('A chat service: a server, and a client for the terminal.')
    .version('0.1.0')
    .addCommand(serveCommand(actions.serve))
    .addCommand(chatCommand(actions.chat))
    .addCommand(demoCommand(actions.demo))
    .addCommand(backupCommand(actions.backUp))
    .addCommand(restoreCommand(actions.restore))
    .addCommand(checkCommand(actions.check))
    .addHelpText('after', '\nEvery option can be set by the environment variable beside it, too.');
  for (const command of [program, ...program.commands]) command.showHelpAfterError('Try --help.');
  return program;
}
