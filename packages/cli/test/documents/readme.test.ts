import { spawnSync } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { TerminalProgram } from '../terminal-program.ts';
import { type Block, codeSpansOf, readDocument } from './document.ts';
import { describeExamples } from './examples.ts';
import { PicturePlayer } from './picture.ts';
import type { DocumentShell } from './shell.ts';

const [socketChat = '', grpcChat = ''] = codeSpansOf(readDocument('README.md')).filter((code) =>
  code.includes(' chat:'),
);
const tools = spawnSync('bash', ['-c', 'nc -h 2>&1 | grep -q -- "-q" && command -v xxd']);

/** The lines of the first of the two terminals, until the second is played beside it. */
let hers: readonly string[] = [];

async function playChat({ lines }: Block, shell: DocumentShell): Promise<void> {
  if (hers.length === 0) {
    hers = lines;
    return;
  }
  const begin = async (command: string, picture: readonly string[]) => {
    const { environment } = shell;
    const terminal = { file: 'sh', args: ['-c', command], columns: 120, environment };
    const chat = new TerminalProgram(terminal);
    onTestFinished(async () => {
      chat.hangUp();
      await chat.exited;
    });
    return new PicturePlayer(chat, picture.map(shell.here, shell));
  };
  const alice = await begin(socketChat, hers);
  const bob = await begin(grpcChat, lines);
  await bob.playUntil('> login');
  await alice.playUntil('<- bob');
  await bob.playToTheEnd();
  await alice.playToTheEnd();
}

/** Some lines of what the demonstration shows. */
async function showDemo({ lines }: Block, shell: DocumentShell): Promise<void> {
  const { output } = await shell.run('npx -y pnpm@12 demo');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(output.split('\n')).toContain(line);
}

describeExamples('README.md', {
  skipped: {
    'npx -y pnpm@12 bench': 'takes six minutes; bench/test/command.test.ts runs one lane',
    'npx -y pnpm@12 test': 'is what runs this',
    ...(tools.status === 0
      ? {}
      : { "$ printf '\\001carol' | nc -q1 127.0.0.1 22067 | xxd": 'wants netcat-openbsd and xxd' }),
  },
  played: { 'connected to': playChat, '   ': showDemo },
});
