import type { Command } from 'commander';

/** The exit code of every command whose command line or configuration is wrong: EX_USAGE of sysexits.h. */
export const usageExitCode = 64;

/** Makes a program and all of its commands end with {@link usageExitCode} when they refuse a command line. */
export function exitOnWrongUsage(program: Command): void {
  program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : usageExitCode));
  for (const command of program.commands) exitOnWrongUsage(command as Command);
}
