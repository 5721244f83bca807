import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, startChatAs, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { newDirectory } from './data-directory.ts';

let server: ChatServer;
let users = 0;

beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.stop());

async function start(wire: Wire = 'socket', environment: Record<string, string> = {}) {
  users += 1;
  const user = `user${users}`;
  const [bob, carol] = [`bob${users}`, `carol${users}`];
  const friends = [await server.friend(bob), await server.friend(carol)] as const;
  const port = wire === 'socket' ? server.port : server.grpcPort;
  const chat = await startChatAs(user, port, { wire, environment, columns: 100, rows: 40 });
  return { chat, user, bob, carol, friends };
}

function paste(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}

describe.each<Wire>(['socket', 'converse'])('a conversation over %s', (wire) => {
  it('goes to one user until it is ended, with commands behind a slash', async () => {
    const { chat, user, bob, carol, friends } = await start(wire, { TANDEM_STATUS: 'on' });
    chat.type(`to ${bob}${key.enter}`);
    await chat.untilLastLine(`${user}, to ${bob}>`);
    chat.type(`quit${key.enter}`);
    expect((await friends[0].messages.next()).value?.body).toBe('quit');
    chat.type(`//etc${key.enter}`);
    expect((await friends[0].messages.next()).value?.body).toBe('/etc');
    await friends[1].send(user, 'and me?');
    await chat.until((lines) => lines.at(-2)?.includes(`1 from ${carol}`) === true);
    chat.type(`/search ${carol}${key.enter}`);
    await chat.untilLine('1 user matches:');
    chat.type(`/to${key.enter}`);
    await chat.until((lines) => lines.at(-1) === `${user}>` && !lines.at(-2)?.includes('from'));
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });
});

describe('a conversation', () => {
  it('replies to who wrote last, by a command or by Tab', async () => {
    const { chat, user, bob, friends } = await start();
    chat.type(`reply hello${key.enter}`);
    await chat.untilLine('nobody has written yet');
    await friends[0].send(user, 'hi');
    await chat.untilLine(`<- ${bob}: hi`);
    chat.type(`reply  hello ${key.enter}`);
    expect((await friends[0].messages.next()).value?.body).toBe(' hello ');
    chat.type(key.tab);
    await chat.untilLastLine(`${user}> send ${bob}`);
    chat.type(`by tab${key.enter}`);
    expect((await friends[0].messages.next()).value?.body).toBe('by tab');
    chat.type(`reply${key.enter}`);
    await chat.untilLastLine(`${user}, to ${bob}>`);
    chat.hangUp();
  });

  it('shows again what was seen, keeps it in a file of its owner alone, and goes on with it', async () => {
    const file = join(newDirectory(), 'history');
    const { chat, user, bob, carol, friends } = await start('socket', { TANDEM_HISTORY: file });
    await friends[0].send(user, 'one');
    await chat.untilLine(`<- ${bob}: one`);
    await friends[1].send(user, 'two');
    await chat.untilLine(`<- ${carol}: two`);
    chat.type(`send ${bob} three${key.enter}`);
    await chat.untilLine(`delivered to ${bob}`);
    chat.type(`history ${bob}${key.enter}`);
    await chat.until((lines) => lines.at(-2)?.endsWith(`-> ${bob}: three`) === true);
    expect(
      chat
        .lines()
        .slice(-4, -1)
        .map((line) => line.replace(/[\d:]{5}/, '')),
    ).toEqual([expect.stringMatching(/^-- .* --$/), ` <- ${bob}: one`, ` -> ${bob}: three`]);
    chat.type(`quit${key.enter}`);
    await chat.exited;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bodies = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(bodies.map((line) => JSON.parse(line).body)).toEqual(['one', 'two', 'three']);
  });

  it('asks before it acts on a paste of several lines', async () => {
    const { chat, user, bob, friends } = await start();
    chat.type(`to ${bob}${key.enter}`);
    await chat.untilLastLine(`${user}, to ${bob}>`);
    chat.type(paste('one\ntwo\r\nthree\rfour'));
    await chat.untilLastLine('act on these 4 lines? (yes or no)');
    chat.type(`no${key.enter}`);
    await chat.until((lines) => lines.includes('the paste was dropped; nothing was done'));
    chat.type(paste('five\nsix'));
    await chat.untilLastLine('act on these 2 lines? (yes or no)');
    chat.type(`y${key.enter}`);
    expect((await friends[0].messages.next()).value?.body).toBe('five');
    expect((await friends[0].messages.next()).value?.body).toBe('six');
    chat.type(paste('seven'));
    await chat.untilLastLine(`${user}, to ${bob}> seven`);
    chat.type(key.interrupt);
    chat.type(paste('eight\n'));
    expect((await friends[0].messages.next()).value?.body).toBe('eight');
    chat.hangUp();
  });
});
