import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mainFile, startChat, type Wire } from './chat-program.ts';
import { startChatServer } from './chat-server.ts';
import type { TerminalProgram } from './terminal-program.ts';

const root = new URL('../../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const columns = 120;

// A prompt, whoever is logged in, a question, and what was typed behind it.
const typed = /^((?:\w+)?>|search for \(empty for everybody\):) ?(.*)$/;

/** The fenced blocks of a language, each as its lines. */
function blocks(language: string): string[][] {
  const fence = new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map(([, block]) => (block as string).split('\n'));
}

/** Types what a picture shows to be typed, each line once the screen shows all that is above it. */
class Player {
  readonly #chat: TerminalProgram;
  readonly #picture: readonly string[];
  #line = 0;

  constructor(chat: TerminalProgram, picture: readonly string[]) {
    this.#chat = chat;
    this.#picture = picture;
  }

  /** Goes on until a line that begins so is the next to be typed or to appear, or to the end. */
  async playUntil(beginning: string): Promise<void> {
    for (; this.#line < this.#picture.length; this.#line++) {
      const line = this.#picture[this.#line] as string;
      const [, prompt, text] = typed.exec(line) ?? [];
      const reached = line.startsWith(beginning);
      if (prompt === undefined && !reached) continue;
      // A message comes while the last prompt waits.
      const waiting = prompt ?? (this.#picture.at(-1) as string);
      await this.#chat.until((lines) => isPicture(lines, [...this.#shown(), waiting]));
      if (reached) return;
      if (this.#line < this.#picture.length - 1) this.#chat.type(`${text}\r`);
    }
  }

  /** Resolves when the whole picture is on the screen. */
  async playToTheEnd(): Promise<void> {
    await this.playUntil('(nothing begins so)');
    await this.#chat.until((lines) => isPicture(lines, this.#picture));
  }

  #shown(): readonly string[] {
    return this.#picture.slice(0, this.#line);
  }
}

function isPicture(lines: readonly string[], picture: readonly string[]): boolean {
  return lines.length === picture.length && lines.every((line, at) => line === picture[at]);
}

it('names commands that exist', () => {
  const commands = [...readme.matchAll(/pnpm(?:@12)? ([a-z][a-z:]*)/g)].map(([, name]) => name);
  expect(commands).toContain('test');
  for (const name of commands) expect([...Object.keys(scripts), 'tandem']).toContain(name);
});

it('shows in its pictures what two terminals show, one on each transport', async () => {
  const [hers = [], his = []] = blocks('text');
  const server = await startChatServer();
  const play = async (picture: string[], documented: number, port: number, wire: Wire) => {
    const lines = picture.map((line) => line.replace(`:${documented}`, `:${port}`));
    const [, host] = /^connected to (\w+) \(/.exec(lines[0] ?? '') ?? [];
    return new Player(await startChat(port, { columns, wire, ...(host && { host }) }), lines);
  };
  try {
    const alice = await play(hers, 22067, server.port, 'socket');
    const bob = await play(his, 22068, server.grpcPort, 'converse');
    await bob.playUntil('> login');
    await alice.playUntil('<- bob');
    await bob.playToTheEnd();
    await alice.playToTheEnd();
  } finally {
    await server.stop();
  }
});

it('shows what the demonstration shows', () => {
  const [, , picture = []] = blocks('text');
  const output = execFileSync(process.execPath, [mainFile, 'demo'], { encoding: 'utf8' });
  expect(picture.length).toBeGreaterThan(2);
  for (const line of picture) expect(output.split('\n')).toContain(line);
});
