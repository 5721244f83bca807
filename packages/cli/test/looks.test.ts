import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, startChatAs } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';

let server: ChatServer;
let users = 0;

beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.stop());

/** A chat with all looks, of a user of its own, and a friend of theirs. */
async function start(columns: number, environment: Record<string, string> = {}) {
  users += 1;
  const user = `user${users}`;
  const friend = await server.friend(`friend${users}`);
  const looks = { TANDEM_TIME: 'on', TANDEM_STATUS: 'on', NO_COLOR: '', ...environment };
  const chat = await startChatAs(user, server.port, { columns, rows: 20, environment: looks });
  return { chat, user, friend, name: `friend${users}` };
}

/** The rows without their times. */
function timeless(lines: string[]): string[] {
  return lines.map((line) => line.replace(/^\d\d:\d\d /, 'HH:MM '));
}

describe.each([45, 80, 200])('at %i columns', (columns) => {
  it('shows the time, breaks a message at words, and keeps the status line and what is typed', async () => {
    const { chat, user, friend, name } = await start(columns);
    const words = 'the quick brown fox jumps over the lazy dog and runs away';
    chat.type('send half');
    await chat.untilLastLine(`${user}> send half`);
    await friend.send(user, words);
    await chat.until(
      (lines) => lines.join(' ').includes('away') && lines.at(-1) === `${user}> send half`,
    );
    const lines = timeless(chat.lines());
    const begin = lines.findIndex((line) => line.startsWith(`HH:MM <- ${name}: the`));
    expect(lines.slice(begin, -2).join(' ')).toBe(`HH:MM <- ${name}: ${words}`);
    const status = lines.at(-2) ?? '';
    expect(status.startsWith(user)).toBe(true);
    expect(status.length).toBeLessThan(columns);
    if (columns > 45)
      expect(status).toBe(`${user} | 127.0.0.1:${server.port} | sockets | not encrypted`);
    chat.type(key.interrupt);
    await chat.untilLastLine(`${user}>`);
    chat.type(key.endOfInput);
    expect(await chat.exited).toBe(0);
    // Only the line that waits has a status line.
    expect(chat.lines().filter((line) => line.startsWith(`${user} | `))).toEqual([]);
  });

  it('follows a terminal that changes its width', async () => {
    const { chat, user } = await start(columns);
    chat.type('send half');
    await chat.untilLastLine(`${user}> send half`);
    const before = chat.written.length;
    chat.resize(60, 20);
    await chat.until(
      (lines) =>
        chat.written.length > before &&
        lines.at(-1) === `${user}> send half` &&
        lines.at(-2) === `${user} | 127.0.0.1:${server.port} | sockets | not encrypted`,
    );
    expect(chat.lines().filter((line) => line.startsWith(`${user} | `))).toHaveLength(1);
    chat.type(`${key.interrupt}${key.interrupt}`);
    await chat.exited;
  });
});

describe('the looks', () => {
  it('have a colour for each correspondent and none with NO_COLOR, --color never or set color never', async () => {
    const { chat, user, friend } = await start(80);
    await friend.send(user, 'in colour');
    await chat.until((lines) => lines.join('').includes('in colour'));
    expect(chat.written).toContain('\x1b[38;5;');
    chat.type(`set color never${key.enter}`);
    await chat.until((lines) => lines.join('').includes('color never'));
    await friend.send(user, 'in none');
    await chat.until((lines) => lines.join('').includes('in none'));
    expect(chat.written.slice(chat.written.indexOf('color never'))).not.toContain('\x1b[38;5;');
    chat.hangUp();
    for (const environment of [{ NO_COLOR: '1' }, { TANDEM_COLOR: 'never' }]) {
      const other = await start(80, environment as Record<string, string>);
      expect(other.chat.hasColor()).toBe(false);
      other.chat.hangUp();
    }
  });

  it('ring for a message, unless the bell is off', async () => {
    const { chat, user, friend } = await start(80, { TANDEM_BELL: 'on' });
    await friend.send(user, 'one');
    await chat.until((lines) => lines.join('').includes('one'));
    expect(chat.written).toContain('\x07');
    chat.type(`set bell off${key.enter}`);
    await chat.until((lines) => lines.join('').includes('bell off'));
    const before = chat.written.length;
    await friend.send(user, 'two');
    await chat.until((lines) => lines.join('').includes('two'));
    expect(chat.written.slice(before)).not.toContain('\x07');
    chat.hangUp();
  });

  it('survive a burst of 10,000 messages: each is shown, or counted and in the history', async () => {
    const { chat, user, friend } = await start(80, { TANDEM_STATUS: 'off' });
    const sent: Promise<unknown>[] = [];
    for (let number = 1; number <= 10_000; number++)
      sent.push(friend.send(user, `number ${number}.`));
    chat.type('send half');
    await Promise.all(sent);
    await chat.until((lines) => lines.at(-1) === `${user}> send half`);
    const seen = () => {
      const shown = chat.written.match(/number \d+\./g)?.length ?? 0;
      const skipped = [...chat.written.matchAll(/(\d+) messages came too fast/g)];
      return shown + skipped.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    await chat.until(() => seen() >= 10_000);
    expect(seen()).toBe(10_000);
    chat.type(`${key.eraseLine}history${key.enter}`);
    await chat.until(
      (lines) => lines.at(-1) === `${user}>` && lines.at(-2)?.includes('number 10000.') === true,
    );
    chat.hangUp();
  });
});
