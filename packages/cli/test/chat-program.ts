import { fileURLToPath } from 'node:url';
import { TerminalProgram, type TerminalProgramOptions } from './terminal-program.ts';

/** The `tandem` command. */
export const mainFile = fileURLToPath(new URL('../bin/tandem.js', import.meta.url));

/** The transport of a client: sockets, or gRPC in one of its modes. */
export type Wire = 'socket' | 'unary' | 'converse';

interface Options extends Omit<TerminalProgramOptions, 'file' | 'args'> {
  /** Sockets, unless it says otherwise. */
  readonly wire?: Wire;
  /** The server's host as the user names it, if not the default. */
  readonly host?: string;
  /** More options of `tandem chat`. */
  readonly options?: readonly string[];
}

/** The arguments with which `node` runs `tandem chat`. */
export function chatArguments(port: number, wire: Wire = 'socket', host?: string): string[] {
  const transport = wire === 'socket' ? [] : ['--transport', 'grpc', '--mode', wire];
  const where = host === undefined ? [] : ['--host', host];
  return [mainFile, 'chat', '--port', String(port), ...transport, ...where];
}

/** The arguments with which `node` runs `tandem serve` on any free ports, which it prints. */
export const serveArguments = [
  ...[mainFile, 'serve', '--log-level', 'silent', '--store', 'memory'],
  ...['--socket-port', '0', '--grpc-port', '0'],
];

/** Starts `tandem chat` in a terminal; it waits for a command. */
export async function startChat(
  port: number,
  { wire, host, options: more = [], ...options }: Options = {},
): Promise<TerminalProgram> {
  const args = [...chatArguments(port, wire, host), ...more];
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
  await chat.until(
    (lines) =>
      lines.join(' ').includes('no unread messages') && lines.join('').endsWith(`${username}>`),
  );
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
