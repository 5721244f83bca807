import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ShellName } from '../src/completion/completion-command.ts';
import { newDirectory } from './data-directory.ts';
import { runTandem } from './run-tandem.ts';
import { TerminalProgram } from './terminal-program.ts';

/** Writes the script of a shell beside a file whose name has a space, and returns where. */
async function written(shell: ShellName): Promise<{ script: string; directory: string }> {
  const directory = newDirectory();
  const script = join(directory, 'script');
  writeFileSync(script, (await runTandem('completion', shell)).output);
  writeFileSync(join(directory, 'a space'), '');
  return { script, directory };
}

/** Tells if a shell is not installed. */
function lacks(shell: string): boolean {
  return spawnSync(shell, ['--version']).error !== undefined;
}

async function pressTab(shell: TerminalProgram, setUp: string, directory: string): Promise<void> {
  await shell.untilLastLine('$');
  shell.type(`${setUp}; cd ${directory}; echo re""ady\r`);
  await shell.until((lines) => lines.at(-2) === 'ready' && lines.at(-1) === '$');
  for (const [typed, completed] of [
    ['tandem comple\t', 'tandem completion'],
    ['b\t', 'tandem completion bash'],
    ['\x15tandem admin sess\t', 'tandem admin sessions'],
    ['\x15tandem chat --transport=g\t', 'tandem chat --transport=grpc'],
    ['\x15tandem chat --history a\t', 'tandem chat --history a\\ space'],
  ] as const) {
    shell.type(typed);
    await shell.untilLastLine(`$ ${completed}`);
  }
  shell.hangUp();
}

describe('Tab', () => {
  it('completes commands, values and names of files in bash', async () => {
    const { script, directory } = await written('bash');
    const args = ['--norc', '--noprofile', '-i'];
    const bash = new TerminalProgram({ file: 'bash', args, environment: { PS1: '$ ' } });
    await pressTab(bash, `source ${script}`, directory);
  });

  it.skipIf(lacks('zsh'))(
    'completes in zsh, which is skipped where it is not installed',
    async () => {
      const { script, directory } = await written('zsh');
      const zsh = new TerminalProgram({
        file: 'zsh',
        args: ['-f', '-i'],
        columns: 200,
        environment: { PS1: '$ ', PROMPT_EOL_MARK: '' },
      });
      await pressTab(zsh, `autoload -Uz compinit && compinit -u -D && source ${script}`, directory);
    },
  );

  it.skipIf(lacks('fish'))(
    'completes in fish, which is skipped where it is not installed',
    async () => {
      const { script, directory } = await written('fish');
      const complete = (line: string) => {
        const command = `source ${script}; complete -C '${line}'`;
        const { stdout } = spawnSync('fish', ['--no-config', '-c', command], {
          cwd: directory,
          encoding: 'utf8',
        });
        return stdout
          .trimEnd()
          .split('\n')
          .map((each) => each.split('\t')[0]);
      };
      expect(complete('tandem comple')).toEqual(['completion']);
      expect(complete('tandem completion b')).toEqual(['bash']);
      expect(complete('tandem admin sess')).toEqual(['sessions']);
      expect(complete('tandem chat --transport=g')).toEqual(['--transport=grpc']);
      expect(complete('tandem chat --hel')).toEqual(['--help']);
      expect(complete('tandem chat --history a')).toEqual(['a space']);
    },
  );
});
