import { execFileSync } from 'node:child_process';
import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion.ts';

const commands = [
  new Command('chat')
    .summary("somebody's chat")
    .addOption(new Option('--transport <transport>', 'what').choices(['socket', 'grpc']))
    .addOption(new Option('--history <file>', 'file'))
    .addOption(new Option('--plain', 'lines'))
    .addOption(new Option('--secretly', 'no').hideHelp()),
  new Command('check').summary('check'),
  new Command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh'])),
  new Command('backup').argument('<file>'),
  new Command('admin')
    .option('--json', 'JSON')
    .addCommand(new Command('users').summary('who is there').option('--all', 'all of them'))
    .addCommand(new Command('stats').summary('figures')),
];

/** The completions of the last of these words, as bash has them. */
function complete(...words: string[]): string[] {
  const script = `${completionScript('bash', commands)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tandem; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

describe('the completion of bash', () => {
  it.each([
    [
      ['tandem', 'c'],
      ['chat', 'check', 'completion'],
    ],
    [
      ['tandem', '--'],
      ['--help', '--version'],
    ],
    [
      ['tandem', 'completion', ''],
      ['bash', 'zsh', '--help'],
    ],
    [
      ['tandem', 'admin', ''],
      ['users', 'stats', '--help', '--json'],
    ],
    [
      ['tandem', 'admin', '--json', 'users', '--'],
      ['--help', '--all', '--json'],
    ],
    // As bash splits it, and as zsh does not.
    [
      ['tandem', 'chat', '--transport', '='],
      ['socket', 'grpc'],
    ],
    [['tandem', 'chat', '--transport', '=', 'g'], ['grpc']],
    [['tandem', 'chat', '--transport=g'], ['--transport=grpc']],
    [['tandem', 'backup', '/etc/host'], expect.arrayContaining(['/etc/hosts'])],
    [['tandem', 'backup', '--h'], ['--help']],
    [
      ['tandem', 'chat', '--'],
      ['--help', '--transport', '--history', '--plain'],
    ],
    [
      ['tandem', 'chat', '--transport', ''],
      ['socket', 'grpc'],
    ],
    [['tandem', 'chat', '--history', '/etc/host'], expect.arrayContaining(['/etc/hosts'])],
    [['tandem', 'check', '--tr'], ['']],
  ])('offers for %j what can stand there', (words, offered) => {
    expect(complete(...words)).toEqual(offered);
  });
});

describe('the completion of other shells', () => {
  it('is that of bash in zsh, and lines of their own in fish', () => {
    expect(completionScript('zsh', commands)).toContain(completionScript('bash', commands));
    const fish = completionScript('fish', commands);
    expect(fish).toContain(`-a chat -d 'somebody\\'s chat'`);
    expect(fish).toContain(`from chat' -l transport -x -a 'socket grpc' -d 'what'`);
    expect(fish).toContain(`from chat' -l help `);
    expect(fish).not.toContain('secretly');
  });
});
