import type { Command, Option } from 'commander';
import type { ShellName } from './completion-command.ts';

/** Returns the script that makes a shell complete these commands of `tandem`. */
export function completionScript(shell: ShellName, commands: readonly Command[]): string {
  if (shell === 'fish') return fish(commands);
  const loaded = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${loaded}${bash(commands)}`;
}

/** The options that help shows. */
function shown({ options }: Command): readonly Option[] {
  return options.filter(({ hidden }) => !hidden);
}

function takesFile({ flags }: Option): boolean {
  return /<(file|directory)>/.test(flags);
}

function bash(commands: readonly Command[]): string {
  const names = commands.map((command) => command.name()).join(' ');
  const options = commands.map(
    (command) =>
      `    ${command.name()}) words='${['--help', ...shown(command).map(({ long }) => long)].join(' ')}' ;;`,
  );
  const values = commands.flatMap((command) =>
    shown(command).flatMap((option) => {
      const label = `    '${command.name()} ${option.long}')`;
      if (option.argChoices !== undefined)
        return [`${label} words='${option.argChoices.join(' ')}' ;;`];
      if (takesFile(option)) return [`${label} files=1 ;;`];
      return option.required ? [`${label} return ;;`] : [];
    }),
  );
  return `_tandem() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" words='' files=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names}' -- "$current"))
    return
  fi
  case "$command" in
${options.join('\n')}
  esac
  case "$command $before" in
${values.join('\n')}
  esac
  if [ -n "$files" ]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _tandem tandem
`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const name = command.name();
    const within = `complete -c tandem -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c tandem -f -n __fish_use_subcommand -a ${name} -d ${quoted(command.summary())}`,
      ...shown(command).map((option) => {
        const { long = '', description, argChoices, required } = option;
        const values = argChoices === undefined ? '' : ` -a '${argChoices.join(' ')}'`;
        const takes = takesFile(option) ? ' -r -F' : required ? ` -x${values}` : '';
        return `${within} -l ${long?.slice(2)}${takes} -d ${quoted(description)}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** A text as fish reads it: within single quotes, only these two mean something. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
