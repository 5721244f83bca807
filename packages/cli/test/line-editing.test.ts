import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrap } from '../src/terminal/display/wrap.ts';
import { key, startChat, startChatAs } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import type { TerminalProgram } from './terminal-program.ts';

let server: ChatServer;
let users = 0;

beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.stop());

/** A chat whose screen has this many columns, its user, and a friend who can write to them. */
async function conversation(columns: number) {
  users += 1;
  const user = `user${users}`;
  const friend = await server.friend(`friend${users}`);
  const chat = await startChatAs(user, server.port, { columns, rows: 16 });
  return { chat, user, friend, friendName: `friend${users}` };
}

/** The rows that a typed line fills on a screen of this many columns. */
function wrapped(text: string, columns: number): string[] {
  const rows = [];
  for (let from = 0; from < text.length; from += columns) {
    rows.push(text.slice(from, from + columns).trimEnd());
  }
  return rows;
}

/** The rows of a message, which is broken at words. */
function shown(text: string, columns: number): string[] {
  return wrap(text, columns).map((row) => row.text);
}

async function untilLinesAre(chat: TerminalProgram, expected: string[]): Promise<void> {
  const wanted = expected.join('\n');
  // Where they never come, the difference says more than the whole screen does.
  await chat
    .until((lines) => lines.join('\n') === wanted)
    .catch(() => expect(chat.lines()).toEqual(expected));
}

async function untilCursorIs(chat: TerminalProgram, row: number, column: number): Promise<void> {
  await chat.until(() => chat.cursor().row === row && chat.cursor().column === column);
}

describe('a message that arrives while a line is half typed', () => {
  it('appears above a wrapped line whose cursor is in its middle, and disturbs neither', async () => {
    const columns = 40;
    const { chat, user, friend, friendName } = await conversation(columns);
    const before = chat.lines().slice(0, -1);
    const line = `${user}> send ${friendName} ${'abcdefghij'.repeat(8)}`;
    const middle = line.length - 30;

    chat.type(line.slice(user.length + 2) + key.left.repeat(30));
    await untilLinesAre(chat, [...before, ...wrapped(line, columns)]);
    await untilCursorIs(chat, before.length + Math.floor(middle / columns), middle % columns);

    for (const body of ['one', 'two', 'x'.repeat(100)]) {
      before.push(...shown(`<- ${friendName}: ${body}`, columns));
      await friend.send(user, body);
      await untilLinesAre(chat, [...before, ...wrapped(line, columns)]);
      await untilCursorIs(chat, before.length + Math.floor(middle / columns), middle % columns);
    }

    chat.type(`STILL${key.enter}`);
    const typed = `${line.slice(0, middle)}STILL${line.slice(middle)}`;
    await untilLinesAre(chat, [
      ...before,
      ...wrapped(typed, columns),
      `delivered to ${friendName}`,
      `${user}>`,
    ]);
    const { value } = await friend.messages.next();
    expect(value?.body).toBe(typed.slice(typed.indexOf('abc')));
    chat.type(key.interrupt);
    await chat.exited;
  });

  it.each([19, 20, 21, 39, 40, 41, 60])(
    'eats nothing when the line fills %i columns of a terminal with 20, typed or pasted',
    async (chars) => {
      const columns = 20;
      const { chat, user, friend, friendName } = await conversation(columns);
      const before = chat.lines().slice(0, -1);
      const line = `${user}> ${'abcdefghij'.repeat(6)}`.slice(0, chars);
      const endRow = Math.floor(chars / columns);
      for (const way of ['typed', 'pasted']) {
        const keys = line.slice(user.length + 2);
        for (const bytes of way === 'typed' ? keys : [keys]) chat.type(bytes);
        await untilLinesAre(chat, [...before, ...wrapped(line, columns)]);
        await untilCursorIs(chat, before.length + endRow, chars % columns);

        before.push(...shown(`<- ${friendName}: ${way}`, columns));
        await friend.send(user, way);
        await untilLinesAre(chat, [...before, ...wrapped(line, columns)]);
        await untilCursorIs(chat, before.length + endRow, chars % columns);

        chat.type(key.eraseLine);
        await untilLinesAre(chat, [...before, `${user}>`]);
      }
      chat.type(key.interrupt);
      await chat.exited;
    },
  );

  it('eats nothing when pasted keys fill a row exactly and then erase', async () => {
    const { chat, user } = await conversation(20);
    const before = chat.lines().slice(0, -1);
    const line = `${user}> ${'abcdefghij'.repeat(6)}`.slice(0, 40);
    chat.type(`${line.slice(user.length + 2)}${key.backspace.repeat(2)}yz!`);
    await untilLinesAre(chat, [...before, ...wrapped(`${line.slice(0, 38)}yz!`, 20)]);
    chat.type(key.interrupt.repeat(2));
    await chat.exited;
  });

  it('waits at a question without disturbing the answer', async () => {
    const { chat, user, friend, friendName } = await conversation(60);
    const before = chat.lines().slice(0, -1);
    chat.type(`send${key.enter}${friendName}${key.enter}half an ans`);
    before.push(`${user}> send`, `to: ${friendName}`);
    await untilLinesAre(chat, [...before, 'message: half an ans']);
    await friend.send(user, 'hurry');
    before.push(`<- ${friendName}: hurry`);
    await untilLinesAre(chat, [...before, 'message: half an ans']);
    chat.type(`wer${key.enter}`);
    const { value } = await friend.messages.next();
    expect(value?.body).toBe('half an answer');
    chat.type(key.interrupt);
    await chat.exited;
  });
});

describe('a terminal whose size changes', () => {
  it.each([
    ['narrower', 30],
    ['wider', 90],
  ])('keeps what is above the line when it becomes %s', async (_, columns) => {
    const { chat, user, friend, friendName } = await conversation(60);
    const body = 'abcdefghij'.repeat(8);
    chat.type(`send ${friendName} ${body}`);
    await chat.until((lines) => lines.join('').endsWith(body));
    chat.resize(columns, 16);
    await friend.send(user, 'after the change');
    await chat.untilLine(`<- ${friendName}: after the change`);
    expect(chat.lines().join('')).toContain(`logged in as ${user}; no unread messages`);
    await friend.send(user, 'and once more');
    await chat.untilLine(`<- ${friendName}: and once more`);
    const lines = chat.lines();
    expect(lines).toContain(`<- ${friendName}: after the change`);
    expect(lines.join('')).toContain(`logged in as ${user}; no unread messages`);
    chat.type(key.enter);
    const { value } = await friend.messages.next();
    expect(value?.body).toBe(body);
    chat.type(key.interrupt);
    await chat.exited;
  });
});

describe('the line editor', () => {
  it('brings commands back whole, the answers to questions in them', async () => {
    const { chat, user, friend, friendName } = await conversation(80);
    chat.type(`send${key.enter}${friendName}${key.enter}first${key.enter}`);
    await chat.untilLastLine(`${user}>`);
    chat.type(key.up);
    await chat.untilLastLine(`${user}> send ${friendName} first`);
    chat.type(`${key.backspace.repeat(5)}second${key.enter}`);
    expect((await friend.messages.next()).value?.body).toBe('first');
    expect((await friend.messages.next()).value?.body).toBe('second');
    chat.type(key.up.repeat(3));
    await chat.untilLastLine(`${user}> login ${user}`);
    chat.type(key.down.repeat(2));
    await chat.untilLastLine(`${user}> send ${friendName} second`);
    chat.type(key.interrupt.repeat(2));
    await chat.exited;
  });

  it('uses colour on a terminal, and none where NO_COLOR or TERM=dumb says so', async () => {
    for (const [environment, colored] of [
      [{ NO_COLOR: '' }, true],
      [{ NO_COLOR: '1' }, false],
      [{ NO_COLOR: '', TERM: 'dumb' }, false],
    ] as const) {
      const chat = await startChat(server.port, { environment });
      chat.type(`nonsense${key.enter}`);
      await chat.until((lines) => lines.some((line) => line.startsWith('there is no command')));
      expect(chat.hasColor()).toBe(colored);
      chat.type(key.interrupt);
      await chat.exited;
    }
  });
});
