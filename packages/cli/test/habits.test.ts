import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, startChatAs, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import type { TerminalProgram } from './terminal-program.ts';

const ctrlR = '\x12';
const ctrlS = '\x13';
const ctrlG = '\x07';
const escapeKey = '\x1b';

let server: ChatServer;
let users = 0;

beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.stop());

/** A chat of a user of its own. */
async function start(columns = 80, wire: Wire = 'socket') {
  users += 1;
  const user = `user${users}`;
  const port = wire === 'socket' ? server.port : server.grpcPort;
  const chat = await startChatAs(user, port, { columns, rows: 16, wire });
  return { chat, user };
}

async function leave(chat: TerminalProgram): Promise<void> {
  chat.type(key.interrupt);
  expect(await chat.exited).toBe(130);
}

/** The input that a terminal sends for a paste. */
function paste(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}

describe('Ctrl-C', () => {
  it('clears the line, wherever the cursor is, and leaves at the empty prompt', async () => {
    const { chat, user } = await start(30);
    const typed = 'send bob one two three four five six';
    chat.type(`${typed}${key.left.repeat(12)}${key.interrupt}`);
    await chat.until((lines) => lines.at(-1) === `${user}>` && lines.join('').includes('six^C'));
    const seen = chat.lines().join('').replaceAll(' ', '');
    expect(seen).toContain(`${user}>${typed.replaceAll(' ', '')}^C`);
    chat.type(`search ${user}${key.enter}`);
    await chat.untilLine('1 user matches:');
    await leave(chat);
    expect(chat.lines().at(-1)).toBe(`logged out ${user}`);
  });

  it('takes a question back, its half answer too', async () => {
    const { chat, user } = await start();
    for (const typed of ['', 'half an answer']) {
      chat.type(`send bob${key.enter}`);
      await chat.untilLastLine('message:');
      chat.type(typed);
      await chat.untilLastLine(`message: ${typed}`.trimEnd());
      chat.type(key.interrupt);
      await chat.untilLastLine(`${user}>`);
      expect(chat.lines().at(-2)).toBe('send was cancelled');
    }
    await leave(chat);
  });

  it('forgets where the up arrow had come', async () => {
    const { chat, user } = await start();
    chat.type(`search one${key.enter}search two${key.enter}`);
    await chat.until((lines) => lines.filter((line) => line === 'no user matches').length === 2);
    chat.type(key.up.repeat(2));
    await chat.untilLastLine(`${user}> search one`);
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    chat.type(key.up);
    await chat.untilLastLine(`${user}> search two`);
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });
});

describe('what Unicode calls a line break', () => {
  it.each([
    ['a line separator', '\u2028', '\\u{2028}', ' '],
    ['a paragraph separator', '\u2029', '\\u{2029}', ' '],
    ['a next line', '\u0085', '\\u{85}', ''],
  ])('ends no line when it is %s, typed or pasted', async (_, character, name, seen) => {
    const { chat, user } = await start();
    for (const way of [(text: string) => text, paste]) {
      chat.type(way(`send ${user} one${character}two`));
      await chat.untilLastLine(`${user}> send ${user} one${seen}two`);
      chat.type(key.enter);
      const refusal = `a message is one line: the line break "${name}" is not allowed`;
      await chat.until((lines) => lines.at(-1) === `${user}>` && lines.at(-2) === refusal);
    }
    await leave(chat);
  });

  it('is the picture of its name where it is a key that was pasted', async () => {
    const { chat, user } = await start();
    chat.type(paste(`send ${user} one\v\f\t\x03two`));
    await chat.untilLastLine(`${user}> send ${user} one\u240b\u240c\u2409\u2403two`);
    chat.type(key.enter);
    await chat.until((lines) => lines.join(' ').includes('"\u240b" is not allowed'));
    await leave(chat);
  });

  it('leaves the end of a line to Return and newline, in any order, in a paste too', async () => {
    const { chat, user } = await start();
    const ends = ['\r', '\n', '\n', '\r\n', '\r\n', '\n', '\r', '\r'];
    for (const way of [(text: string) => text, paste]) {
      const name = way === paste ? 'pasted' : 'typed';
      chat.type(way(ends.map((end, index) => `send ${user} ${name}${index}${end}`).join('')));
      if (way === paste) chat.type(`yes${key.enter}`);
      await chat.untilLine(`<- ${user}: ${name}${ends.length - 1}`);
      const arrived = chat.lines().filter((line) => line.startsWith(`<- ${user}: ${name}`));
      expect(arrived).toEqual(ends.map((_, index) => `<- ${user}: ${name}${index}`));
    }
    await leave(chat);
  });
});

describe('Tab', () => {
  it.each<Wire>(['socket', 'converse', 'unary'])(
    'asks the server for usernames that were never seen, over %s',
    async (wire) => {
      const { chat, user } = await start(80, wire);
      const name = `over${wire}`;
      const stranger = await server.friend(name);
      chat.type(`send over${wire.slice(0, 2)}`);
      await chat.untilLastLine(`${user}> send over${wire.slice(0, 2)}`);
      chat.type(key.tab);
      await chat.untilLastLine(`${user}> send ${name}`);
      chat.type(`${key.interrupt}se`);
      await chat.untilLastLine(`${user}> se`);
      chat.type('n');
      await chat.untilLastLine(`${user}> sen`);
      chat.type(key.tab);
      await chat.until(() => chat.cursor().column === `${user}> send `.length);
      chat.type(name);
      await chat.untilLastLine(`${user}> send ${name}`);
      chat.type(key.tab);
      await chat.until(() => chat.cursor().column === `${user}> send ${name} `.length);
      chat.type(`hi${key.enter}`);
      expect((await stranger.messages.next()).value?.body).toBe('hi');
      await leave(chat);
    },
  );

  it('lists what may stand there when it is pressed again, after a slash and at a question too', async () => {
    const { chat, user } = await start();
    for (const name of ['zoe', 'zoltan']) await server.friend(name);
    chat.type('/lo');
    await chat.untilLastLine(`${user}> /lo`);
    chat.type(key.tab);
    await chat.untilLastLine(`${user}> /log`);
    chat.type(key.tab);
    await chat.until((lines) => lines.some((line) => /^\/login +\/logout$/.test(line)));
    chat.type(`${key.interrupt}/send${key.enter}z`);
    await chat.untilLastLine('to: z');
    chat.type(key.tab);
    await chat.untilLastLine('to: zo');
    chat.type(key.tab);
    await chat.until((lines) => lines.some((line) => /^zoe +zoltan$/.test(line)));
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });
});

describe('a slash', () => {
  it('is let through before a command', async () => {
    const { chat } = await start();
    chat.type(`/help${key.enter}`);
    await chat.until((lines) => lines.join(' ').includes('show this'));
    chat.type(`/quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });
});

describe('Ctrl-R', () => {
  /** A chat that has searched for these, one after another. */
  async function searched(...queries: string[]) {
    const { chat, user } = await start();
    for (const [at, query] of queries.entries()) {
      chat.type(`search ${query}${key.enter}`);
      const isAnswer = (line: string) => line === 'no user matches';
      await chat.until((lines) => lines.filter(isAnswer).length === at + 1);
    }
    await chat.untilLastLine(`${user}>`);
    return { chat, user };
  }

  it('finds earlier commands as the query is typed, and goes on to older ones', async () => {
    const { chat, user } = await searched('apple1', 'pear', 'apple2');
    chat.type(`${ctrlR}app`);
    await chat.untilLastLine("(reverse-i-search)'app': search apple2");
    expect(chat.cursor().column).toBe("(reverse-i-search)'app': search ".length);
    chat.type(ctrlR);
    await chat.untilLastLine("(reverse-i-search)'app': search apple1");
    chat.type(ctrlR);
    await chat.untilLastLine("(failed reverse-i-search)'app': search apple1");
    chat.type(ctrlS);
    await chat.untilLastLine("(reverse-i-search)'app': search apple2");
    chat.type(key.backspace.repeat(3));
    await chat.untilLastLine("(reverse-i-search)'':");
    chat.type('pea');
    await chat.untilLastLine("(reverse-i-search)'pea': search pear");
    chat.type(key.enter);
    await chat.until((lines) => lines.filter((line) => line === 'no user matches').length === 4);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });

  it.each([
    ['Escape', escapeKey],
    ['Ctrl-G', ctrlG],
  ])('is cancelled by %s, and the line is as it was', async (_, cancel) => {
    const { chat, user } = await searched('apple');
    chat.type('half a line');
    await chat.untilLastLine(`${user}> half a line`);
    chat.type(`${ctrlR}apple`);
    await chat.untilLastLine("(reverse-i-search)'apple': search apple");
    chat.type(cancel);
    await chat.untilLastLine(`${user}> half a line`);
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });

  it('leaves the found line to be edited by any other key, and is undisturbed by a message', async () => {
    const { chat, user } = await searched('apple', 'pear');
    const friend = await server.friend(`friend${users}`);
    chat.type(`${ctrlR}app`);
    await chat.untilLastLine("(reverse-i-search)'app': search apple");
    await friend.send(user, 'hello');
    await chat.untilLine(`<- friend${users}: hello`);
    await chat.untilLastLine("(reverse-i-search)'app': search apple");
    chat.type(`${key.end}s`);
    await chat.untilLastLine(`${user}> search apples`);
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });

  it('is over with Ctrl-C, which clears the line', async () => {
    const { chat, user } = await searched('apple');
    chat.type(`${ctrlR}app`);
    await chat.untilLastLine("(reverse-i-search)'app': search apple");
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });
});

describe.each([20, 45, 200])('on a terminal of %i columns', (columns) => {
  it('breaks what it shows at words, and keeps the half-typed line', async () => {
    const { chat, user } = await start(columns);
    const friend = await server.friend(`friend${users}`);
    const words = 'the quick brown fox jumps over the lazy dog and then over all other dogs';
    const half = 'send bob a line that was only half typed when the message came';
    chat.type(half);
    await chat.until((lines) => lines.join('').endsWith(half));
    await friend.send(user, words);
    await chat.until((lines) => lines.join(' ').includes('other dogs'));
    const lines = chat.lines();
    const from = lines.findIndex((line) => line.startsWith('<- friend'));
    const to = lines.findIndex((line) => line.endsWith('dogs'));
    expect(lines.slice(from, to + 1).join(' ')).toBe(`<- friend${users}: ${words}`);
    await chat.until((all) => all.join('').endsWith(half.replace(/ $/, '')));
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    await leave(chat);
  });
});

it('keeps to the width that the terminal has now', async () => {
  const { chat, user } = await start(60);
  const friend = await server.friend(`friend${users}`);
  const words = 'the quick brown fox jumps over the lazy dog';
  const { length } = chat.written;
  chat.resize(25, 16);
  // The prompt is drawn anew.
  await chat.until(() => chat.written.length > length);
  await friend.send(user, words);
  await chat.until((lines) => lines.join(' ').includes('lazy dog') && lines.at(-1) === `${user}>`);
  const rows = chat.lines().slice(-4, -1);
  expect(rows.join(' ')).toBe(`<- friend${users}: ${words}`);
  await leave(chat);
});
