import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatArguments, key, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { TerminalProgram } from './terminal-program.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

/** `tandem chat` in a terminal of which the environment says this. */
async function startPlain(term = 'dumb', wire: Wire = 'socket'): Promise<TerminalProgram> {
  const port = wire === 'socket' ? server.port : server.grpcPort;
  const unset = term === '' ? ['-u', 'TERM'] : [`TERM=${term}`];
  const args = [...unset, 'NO_COLOR=', process.execPath, ...chatArguments(port, wire)];
  const chat = new TerminalProgram({ file: 'env', args, columns: 60 });
  await chat.untilLastLine('>');
  return chat;
}

describe.each([
  ['TERM=dumb over sockets', 'dumb', 'socket'],
  ['TERM=dumb over gRPC', 'dumb', 'converse'],
  ['no TERM', '', 'socket'],
  ['an unknown TERM', 'nobody-knows', 'socket'],
  ['a TERM of another kind', 'vt52', 'socket'],
] as const)('with %s', (_, term, wire) => {
  it('leaves the editing of a line to the terminal, and writes nothing that moves a cursor', async () => {
    const chat = await startPlain(term, wire);
    chat.type(`nonsense${key.eraseLine}register alicf${key.backspace}e${key.enter}`);
    const registered = 'registered alice; log in with "login alice"';
    // What is typed before the prompt is there stands before the prompt.
    await chat.until((lines) => lines.at(-2) === registered && lines.at(-1) === '>');
    chat.type(`login${key.enter}`);
    await chat.untilLastLine('username:');
    chat.type(`alice${key.enter}`);
    await chat.untilLastLine('alice>');
    for (const mover of ['\x1b', '\b']) {
      // The terminal itself takes characters back so.
      expect(chat.written.replaceAll('\b \b', '')).not.toContain(mover);
    }
    expect(chat.hasColor()).toBe(false);
    chat.type(key.endOfInput);
    expect(await chat.exited).toBe(0);
    expect(chat.lines().at(-1)).toBe('logged out alice');
  });
});

describe('with --plain', () => {
  it('writes lines only, on a terminal that could do more', async () => {
    const friend = await server.friend('bob');
    await friend.register('alice');
    const args = [...chatArguments(server.port), '--plain'];
    const environment = { TANDEM_TIME: 'on', TANDEM_STATUS: 'on', NO_COLOR: '' };
    const chat = new TerminalProgram({ file: process.execPath, args, environment });
    await chat.untilLastLine('>');
    chat.type(`login alice${key.enter}`);
    await chat.untilLastLine('alice>');
    await friend.send('alice', 'hi');
    await chat.until((lines) => /^\d\d:\d\d <- bob: hi$/.test(lines.at(-2) ?? ''));
    expect(chat.written).not.toContain('\x1b');
    chat.type(key.endOfInput);
    expect(await chat.exited).toBe(0);
  });
});

describe('with TERM=dumb', () => {
  it('shows a message on rows of its own, broken at words, and the prompt again below', async () => {
    const friend = await server.friend('bob');
    await friend.register('alice');
    const chat = await startPlain();
    chat.type(`login alice${key.enter}`);
    await chat.untilLastLine('alice>');
    chat.type('send bob hal');
    await chat.untilLastLine('alice> send bob hal');
    await friend.send('alice', 'the quick brown fox jumps over the lazy dog and some more');
    await chat.untilLastLine('alice>');
    expect(chat.lines().slice(-4)).toEqual([
      'alice> send bob hal',
      '<- bob: the quick brown fox jumps over the lazy dog and some',
      'more',
      'alice>',
    ]);
    // The terminal still has what was typed.
    chat.type(`f a line${key.enter}`);
    expect((await friend.messages.next()).value?.body).toBe('half a line');
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });

  it('takes a question back with Ctrl-C, and leaves with it at the prompt', async () => {
    const chat = await startPlain();
    chat.type(`search${key.enter}`);
    await chat.untilLastLine('search for (empty for everybody):');
    chat.type(`half${key.interrupt}`);
    await chat.until((lines) => lines.at(-2) === 'search was cancelled' && lines.at(-1) === '>');
    chat.type(key.interrupt);
    expect(await chat.exited).toBe(130);
  });

  it('goes on after Ctrl-D in a line that is not empty', async () => {
    const chat = await startPlain();
    chat.type(`hel${key.endOfInput}p${key.enter}`);
    await chat.until((lines) => lines.join('').includes('show this'));
    chat.type(key.endOfInput);
    expect(await chat.exited).toBe(0);
  });
});
