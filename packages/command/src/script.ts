import { Command } from 'commander';
import { StandardOutput } from './standard-output.ts';

/**
 * Returns the command of a script of this repository, which refuses what it does not know. The standard
 * streams are watched from here on.
 */
export function script(name: string, description: string): Command {
  StandardOutput.watch(process);
  return new Command(name).description(description).showHelpAfterError('Try --help.');
}
