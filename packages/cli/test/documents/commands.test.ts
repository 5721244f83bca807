import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, codeSpansOf, commandsOf, readDocument, root } from './document.ts';

// A changelog names what there was.
const documents = globSync(['*.md', 'docs/*.md', 'docs/decisions/*.md'], { cwd: root })
  .filter((path) => path !== 'CHANGELOG.md')
  .map((path) => ({ path, commands: commandsIn(readDocument(path)) }))
  .filter(({ commands }) => commands.length > 0);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// What `pnpm` does by itself.
const ofPnpm = ['exec', 'install', 'vitest'];

/** A command that a document names: a script of a package, and what is behind it. */
interface NamedCommand {
  readonly script: string;
  readonly package: string | undefined;
  readonly words: readonly string[];
}

/** Every `pnpm …` of a document, in its blocks and in its text. */
function commandsIn(markdown: string): NamedCommand[] {
  const shell = blocksOf(markdown)
    .filter(({ language }) => language === 'sh' || language === 'console')
    .flatMap(commandsOf);
  return [...shell, ...codeSpansOf(markdown)].flatMap((text) => {
    const found =
      /(?:^|\s)(?:npx -y pnpm@12|pnpm)(?: -s)?(?: --filter (\S+))? ([a-z][a-z:-]*)(.*)$/.exec(text);
    if (found === null) return [];
    const [, filter, script = '', rest = ''] = found;
    return [{ script, package: filter, words: rest.split(/[\s,;]+/).filter(Boolean) }];
  });
}

function scriptsOf(name: string | undefined): Record<string, string> {
  if (name === undefined) return scripts;
  const directory = name === '@tandem/bench' ? 'bench' : name.replace('@tandem/', 'packages/');
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')).scripts;
}

const helpTexts = new Map<string, string>();

/** Returns the help of a script's command; the empty text where the command is not ours. */
function helpOf(script: string, subcommand: string): string {
  const [, file = '', ...fixed] = scripts[script]?.split(' ') ?? [];
  if (!/^(bench|packages).*\/bin\//.test(file)) return '';
  // The lab runs this command when none is named.
  const unnamed = script === 'bench' ? ['run'] : [];
  const named = [...fixed, subcommand, ...unnamed].find((word) => /^[a-z]+$/.test(word));
  const words = named === undefined ? [file] : [file, named];
  const line = words.join(' ');
  const known = helpTexts.get(line);
  if (known !== undefined) return known;
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const;
  const help = execFileSync(process.execPath, [...words, '--help'], options);
  helpTexts.set(line, help);
  return help;
}

describe.each(documents)('$path', ({ commands }) => {
  it('names scripts that exist', () => {
    for (const { script, package: name } of commands) {
      if (!ofPnpm.includes(script)) expect(Object.keys(scriptsOf(name) ?? {})).toContain(script);
    }
  });

  it('names options that exist', () => {
    for (const { script, package: name, words } of commands) {
      if (name !== undefined) continue;
      const options = words.filter((word) => word.startsWith('--') && word !== '--help');
      const help = options.length === 0 ? '' : helpOf(script, words[0] ?? '');
      if (help === '') continue;
      for (const option of options) expect(help, `${script} ${words.join(' ')}`).toContain(option);
    }
  });

  it('names files that exist', () => {
    const paths = commands.flatMap(({ words }) =>
      words.filter((word) => /^(packages|bench|docs|protos)\/\S+/.test(word)),
    );
    for (const file of paths.filter((each) => !each.startsWith('bench/out'))) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});
