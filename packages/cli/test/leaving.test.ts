import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatArguments, key, startChatAs } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { TerminalProgram } from './terminal-program.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

describe('leaving a terminal', () => {
  it('logs out on Ctrl-C, and exits with 130', async () => {
    const chat = await startChatAs('alice', server.port);
    chat.type(key.interrupt);
    expect(await chat.exited).toBe(130);
    expect(chat.lines().slice(-2)).toEqual(['alice>', 'logged out alice']);
    await server.untilLoggedOut('alice');
  });

  it('logs out on Ctrl-D in an empty line, and exits with 0', async () => {
    const chat = await startChatAs('alice', server.port);
    chat.type(key.endOfInput);
    expect(await chat.exited).toBe(0);
    expect(chat.lines().at(-1)).toBe('logged out alice');
    await server.untilLoggedOut('alice');
  });

  it('goes on after Ctrl-D in a line that is not empty', async () => {
    const chat = await startChatAs('alice', server.port);
    chat.type(`lo${key.endOfInput}gout alice${key.enter}`);
    await chat.untilLastLine('>');
    expect(chat.lines()).toContain('logged out alice');
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('logs out on %s, and exits with %i', async (signal, exitCode) => {
    const chat = await startChatAs('alice', server.port);
    process.kill(chat.pid, signal);
    expect(await chat.exited).toBe(exitCode);
    await server.untilLoggedOut('alice');
  });

  it('logs out when the terminal itself is gone', async () => {
    const chat = await startChatAs('alice', server.port);
    chat.hangUp();
    await server.untilLoggedOut('alice');
  });

  it('gives the terminal back as it was', async () => {
    const script = 'before=$(stty -g); "$0" "$@"; [ "$before" = "$(stty -g)" ] && echo restored';
    const chat = new TerminalProgram({
      file: 'sh',
      args: ['-c', script, process.execPath, ...chatArguments(server.port)],
    });
    await chat.untilLastLine('>');
    chat.type(key.interrupt);
    await chat.exited;
    expect(chat.lines().at(-1)).toBe('restored');
  });

  it('says that the server went away with --no-reconnect, in the middle of a question too, and exits with 1', async () => {
    const chat = await startChatAs('alice', server.port, { options: ['--no-reconnect'] });
    chat.type(`send${key.enter}bob${key.enter}half an answer`);
    await chat.untilLastLine('message: half an answer');
    await server.stop();
    expect(await chat.exited).toBe(1);
    const text = chat.lines().join('');
    expect(text).toContain('message: half an answerthe server is gone: ');
    expect(text).toContain('Unread messages wait for your next login');
  });
});

describe('leaving a server that answers no logout', () => {
  let stalled: Server;
  let port: number;
  const sockets = new Set<Socket>();

  // Says its version, logs everybody in, and then nothing any more.
  beforeEach(async () => {
    stalled = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write(Uint8Array.of(0x81));
      let bytesRead = 0;
      socket.on('data', (bytes) => {
        // One byte is the client's version; more than it, and the login is there.
        if (bytesRead <= 1 && bytesRead + bytes.length > 1) socket.write(Uint8Array.of(8));
        bytesRead += bytes.length;
      });
    });
    await new Promise<void>((resolve) => stalled.listen(0, '127.0.0.1', resolve));
    const address = stalled.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => stalled.close(resolve));
  });

  async function startStalled({ farewellTimeoutMs }: { farewellTimeoutMs: number }) {
    const main = fileURLToPath(new URL('fixtures/chat-main.ts', import.meta.url));
    const args = [main, String(port), String(farewellTimeoutMs)];
    const chat = new TerminalProgram({ file: process.execPath, args });
    await chat.untilLastLine('>');
    return chat;
  }

  it('leaves at once on a second Ctrl-C', async () => {
    const chat = await startStalled({ farewellTimeoutMs: 3_600_000 });
    chat.type(`login alice${key.enter}`);
    await chat.untilLastLine('alice>');
    const { row } = chat.cursor();
    chat.type(key.interrupt);
    await chat.until(() => chat.cursor().row > row);
    chat.type(key.interrupt);
    expect(await chat.exited).toBe(130);
  });

  it('leaves by itself after a while', async () => {
    const chat = await startStalled({ farewellTimeoutMs: 100 });
    chat.type(`login alice${key.enter}`);
    await chat.untilLastLine('alice>');
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });

  it.each(['quit\r', '\x04'])(
    'leaves though what was asked is never answered: %j',
    async (leave) => {
      const chat = await startStalled({ farewellTimeoutMs: 100 });
      chat.type(`login alice${key.enter}`);
      await chat.untilLastLine('alice>');
      chat.type(`search bob${key.enter}`);
      await chat.until((lines) => lines.some((line) => line.includes('search bob')));
      chat.type(leave);
      expect(await chat.exited).toBe(1);
      expect(chat.lines().join(' ')).toContain('the server does not answer');
    },
  );
});
