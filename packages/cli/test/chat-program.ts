import { fileURLToPath } from 'node:url';
import { TerminalProgram, type TerminalProgramOptions } from './terminal-program.ts';

type Options = Omit<TerminalProgramOptions, 'file' | 'args'>;

/** Starts `tandem chat` in a terminal; it waits for a command. */
export async function startChat(port: number, options: Options = {}): Promise<TerminalProgram> {
  const main = fileURLToPath(new URL('fixtures/chat-main.ts', import.meta.url));
  const args = [main, String(port)];
  const chat = new TerminalProgram({ file: process.execPath, args, ...options });
  await chat.untilLastLine('>');
  return chat;
}

/** Starts `tandem chat` in a terminal, logged in, its account made. */
export async function startChatAs(
  username: string,
  port: number,
  options: Options = {},
): Promise<TerminalProgram> {
  const chat = await startChat(port, options);
  chat.type(`register ${username}\rlogin ${username}\r`);
  await chat.until((lines) => lines.join('').endsWith(`no unread messages${username}>`));
  return chat;
}

/** Keys as the bytes that a terminal sends for them. */
export const key = {
  enter: '\r',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  left: '\x1b[D',
  home: '\x01',
  end: '\x05',
  eraseLine: '\x15',
  backspace: '\x7f',
  interrupt: '\x03',
  endOfInput: '\x04',
} as const;
