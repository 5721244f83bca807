import { afterEach, beforeEach, expect, it } from 'vitest';
import { chatArguments, key, startChat } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { TerminalProgram } from './terminal-program.ts';

const suspendKey = '\x1a';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

it('gives the shell its terminal back on Ctrl-Z, though a script started it, and goes on after fg', async () => {
  const shell = new TerminalProgram({
    file: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    columns: 300,
    environment: { PS1: '$ ' },
  });
  await shell.untilLastLine('$');
  // A shell between, as a package manager puts one there; the last command keeps it waiting.
  const chat = [process.execPath, ...chatArguments(server.port)].join(' ');
  shell.type(`sh -c '${chat}; true'\r`);
  await shell.untilLastLine('>');
  shell.type('register al');
  await shell.untilLastLine('> register al');

  shell.type(suspendKey);
  await shell.until((lines) => lines.at(-1) === '$' && /Stopped/.test(lines.at(-2) ?? ''));
  shell.type('fg\r');
  await shell.untilLastLine('> register al');

  shell.type('ice\r');
  await shell.untilLine('registered alice; log in with "login alice"');
  shell.type('quit\r');
  await shell.untilLastLine('$');
  shell.type('exit\r');
  expect(await shell.exited).toBe(0);
});

it('goes on after Ctrl-Z where no shell could stop it', async () => {
  // The first process of its terminal: nobody controls its job.
  const chat = await startChat(server.port);
  chat.type('half');
  await chat.untilLastLine('> half');
  const begins = () => chat.written.split('\x1b[?2004h').length;
  const before = begins();
  chat.type(suspendKey);
  await chat.until(() => begins() > before);
  chat.type(key.interrupt);
  await chat.untilLastLine('>');
  chat.type(`quit${key.enter}`);
  expect(await chat.exited).toBe(0);
});
