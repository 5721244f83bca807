import type { Command, Option } from 'commander';
import type { ShellName } from './completion-command.ts';

/** Returns the script that makes a shell complete these commands of `tandem`. */
export function completionScript(shell: ShellName, commands: readonly Command[]): string {
  const places = placesOf(commands);
  if (shell === 'fish') return fish(places);
  const loaded = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${loaded}${bash(places)}`;
}

/** A command, and the words that may stand behind it. */
interface Place {
  readonly name: string;
  readonly summary: string;
  /** The words before its name: `admin`, or none. */
  readonly parent: string;
  /** The words up to its name, with it. */
  readonly path: string;
  readonly options: readonly Option[];
  readonly subcommands: readonly string[];
  /** The values that its first argument may have; none where it may have any. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

/** Returns the commands and their subcommands, which take the options of both. */
function placesOf(
  commands: readonly Command[],
  parent = '',
  inherited: readonly Option[] = [],
): Place[] {
  return commands.flatMap((command) => {
    const name = command.name();
    const path = `${parent} ${name}`.trimStart();
    const options = [...command.options.filter(({ hidden }) => !hidden), ...inherited];
    const [argument] = command.registeredArguments;
    const place: Place = {
      name,
      parent,
      path,
      options,
      summary: command.summary(),
      subcommands: command.commands.map((each) => each.name()),
      choices: argument?.argChoices ?? [],
      takesFile: argument?.name() === 'file',
    };
    return [place, ...placesOf(command.commands, path, options)];
  });
}

function takesFile({ flags }: Option): boolean {
  return /<(file|directory)>/.test(flags);
}

// zsh has meanings of its own for the names "words" and "path".
function bash(places: readonly Place[]): string {
  const known = places.map(({ name, parent }) => `'${parent} ${name}'`).join('|');
  const offers = places.map(({ path, options, subcommands, choices, takesFile }) => {
    const longs = options.map(({ long }) => long);
    const words = [...subcommands, ...choices, '--help', ...longs].join(' ');
    // An option is no name of a file.
    const files = takesFile ? `; [ "\${current#-}" = "$current" ] && files=1` : '';
    return `    '${path}') offered='${words}'${files} ;;`;
  });
  const values = places.flatMap(({ path, options }) =>
    options.flatMap((option) => {
      const label = `    '${path} ${option.long}')`;
      if (option.argChoices !== undefined)
        return [`${label} offered='${option.argChoices.join(' ')}' files='' ;;`];
      if (takesFile(option)) return [`${label} files=1 ;;`];
      return option.required ? [`${label} return ;;`] : [];
    }),
  );
  const names = places.filter(({ parent }) => parent === '').map(({ name }) => name);
  return `_tandem() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local place='' offered='${names.join(' ')} --help --version' files='' lead='' word='' at=1
  COMPREPLY=()
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[$at]}"
    case "$place $word" in
      ${known}) place="\${place:+$place }$word" ;;
    esac
    at=$((at + 1))
  done
  # bash makes three words of --option=value, and zsh one.
  if [ "$current" = '=' ]; then
    current=''
  elif [ "$before" = '=' ]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  elif [ "\${current#--*=}" != "$current" ]; then
    before="\${current%%=*}" lead="\${current%%=*}=" current="\${current#*=}"
  fi
  case "$place" in
${offers.join('\n')}
  esac
  case "$place $before" in
${values.join('\n')}
  esac
  if [ -z "$files" ]; then
    COMPREPLY=($(compgen -P "$lead" -W "$offered" -- "$current"))
    return
  fi
  # readline knows how a name with spaces is written; where it cannot be asked, the names are listed.
  compopt -o default 2>/dev/null && return
  local IFS=$'\\n'
  COMPREPLY=($(compgen -P "$lead" -f -- "$current"))
}
complete -F _tandem tandem
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ name, parent, path, summary, options, choices }) => {
    const siblings = places.filter((each) => each.parent === parent).map((each) => each.name);
    const here =
      parent === ''
        ? '__fish_use_subcommand'
        : `'${seenEach(parent)}; and not ${seen(siblings.join(' '))}'`;
    const within = `complete -c tandem -n '${seenEach(path)}'`;
    return [
      `complete -c tandem -f -n ${here} -a ${name} -d ${quoted(summary)}`,
      ...(choices.length > 0 ? [`${within} -f -a '${choices.join(' ')}'`] : []),
      `${within} -l help -d 'say what it does, and its options'`,
      ...options.map((option) => {
        const { long = '', description, argChoices, required } = option;
        const values = argChoices === undefined ? '' : ` -a '${argChoices.join(' ')}'`;
        const takes = takesFile(option) ? ' -r -F' : required ? ` -x${values}` : '';
        return `${within} -l ${long?.slice(2)}${takes} -d ${quoted(description)}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** The condition of fish that one of these words was typed. */
function seen(words: string): string {
  return `__fish_seen_subcommand_from ${words}`;
}

function seenEach(words: string): string {
  return words.split(' ').map(seen).join('; and ');
}

/** A text as fish reads it: within single quotes, only these two mean something. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
