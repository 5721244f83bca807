import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatArguments, key, startChat, startChatAs } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';

const secret = 'correct horse';
let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

describe('a secret in a terminal', () => {
  it('is asked for and never shown, nor brought back by the arrow', async () => {
    const alice = await startChatAs('alice', server.port);
    alice.type(`secret${key.enter}`);
    await alice.untilLastLine('your secret (empty for none):');
    alice.type(key.enter);
    await alice.untilLastLine('new secret:');
    alice.type(`wrong${key.eraseLine}${secret}x${key.backspace}${key.enter}`);
    await alice.untilLastLine('the same again:');
    alice.type(`${secret}${key.enter}`);
    await alice.untilLine('your secret is changed; from now on you log in with it');
    alice.type(`logout alice${key.enter}`);
    await alice.untilLine('logged out alice');
    alice.type(`login alice${key.enter}`);
    await alice.untilLastLine('secret:');
    alice.type(`\x1b[200~${secret}\x1b[201~${key.enter}`);
    await alice.untilLastLine('alice>');
    alice.type(`${key.up}${key.up}`);
    await alice.untilLastLine('alice> logout');
    expect(alice.written).not.toContain('horse');
    expect(alice.lines().filter((line) => line.includes('logged in as alice'))).toHaveLength(2);
  });

  it('is given up with Ctrl-C', async () => {
    const friend = await server.friend('bob');
    await friend.changeSecret('', secret);
    await friend.logout();
    const chat = await startChat(server.port);
    chat.type(`login bob${key.enter}`);
    await chat.untilLastLine('secret:');
    chat.type(`corr${key.interrupt}`);
    await chat.untilLine('login was cancelled');
    await chat.untilLastLine('>');
    chat.type(`login bob${key.enter}`);
    await chat.untilLastLine('secret:');
    chat.type(`wrong horse${key.enter}`);
    await chat.untilLine('there is no user bob with that secret');
    expect(chat.written).not.toContain('horse');
  });
});

describe('a secret of a script', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-secret-'));
  const file = join(directory, 'secret');
  afterAll(() => rmSync(directory, { recursive: true }));

  async function run(secretFile: string | undefined, ...lines: string[]) {
    const asked = secretFile === undefined ? [] : ['--secret-file', secretFile];
    const child = spawn(process.execPath, [...chatArguments(server.port), ...asked]);
    const ended = once(child, 'exit');
    child.stdin.on('error', () => {});
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { output, errors, exitCode: (await ended)[0] as number };
  }

  it('is read from a file', async () => {
    writeFileSync(file, `${secret}\n# what follows is nothing\n`, { mode: 0o600 });
    const { output, exitCode } = await run(file, 'register ann', 'login ann', 'logout ann');
    expect(exitCode).toBe(0);
    expect(output).toContain('logged in as ann; no unread messages');
    const without = await run(undefined, 'login ann');
    expect(without.errors).toContain('the account ann has a secret');
    expect(without.exitCode).toBe(2);
  });

  it('is refused when the file is not there, or says nothing', async () => {
    const missing = await run(join(directory, 'nothing'), 'help');
    expect(missing.errors).toContain('cannot be read');
    writeFileSync(file, '\n');
    const empty = await run(file, 'help');
    expect(empty.errors).toContain('has to be the secret');
    const endless = await run('/dev/zero', 'help');
    expect(endless.errors).toContain('it has more than 4096 bytes');
    expect([missing.exitCode, empty.exitCode, endless.exitCode]).toEqual([1, 1, 1]);
  });
});
