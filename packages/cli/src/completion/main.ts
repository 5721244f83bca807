// `tandem completion`.
import type { Command } from 'commander';
import { completionScript } from './completion.ts';
import type { ShellName } from './completion-command.ts';

/** Writes the script that completes these commands in a shell. */
export function complete(shell: ShellName, commands: readonly Command[]): void {
  process.stdout.write(completionScript(shell, commands));
}
