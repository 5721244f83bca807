import { Argument, Command } from 'commander';

/** The shells that there are completions for. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** A shell that there is a completion for. */
export type ShellName = (typeof shells)[number];

/** The `completion` command; `action` is what it does. */
export function completionCommand(action: (shell: ShellName) => Promise<void>): Command {
  return new Command('completion')
    .summary('write a script that completes tandem in a shell')
    .description('Write a script that makes a shell complete the commands and options of tandem.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  $ eval "$(pnpm --silent tandem completion bash)"           in ~/.bashrc
  $ eval "$(pnpm --silent tandem completion zsh)"            in ~/.zshrc, after compinit
  $ pnpm --silent tandem completion fish > ~/.config/fish/completions/tandem.fish`,
    )
    .action((shell: ShellName) => action(shell));
}
