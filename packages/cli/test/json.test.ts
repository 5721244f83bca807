import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatArguments, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { TerminalProgram } from './terminal-program.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

/** Runs lines through `tandem chat --json`, and returns the objects that it wrote, without their times. */
async function run(lines: readonly string[], wire: Wire = 'socket') {
  const port = wire === 'socket' ? server.port : server.grpcPort;
  const child = spawn(process.execPath, [...chatArguments(port, wire), '--json']);
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [[exitCode], output, errors] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  const events = output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { time, ...event } = JSON.parse(line);
      expect(new Date(time).toISOString()).toBe(time);
      return event;
    });
  return { events, errors, exitCode };
}

describe('tandem chat --json', () => {
  it.each<Wire>(['socket', 'converse', 'unary'])(
    'takes commands as lines and as objects, and tells each answer and message over %s',
    async (wire) => {
      const { events, errors, exitCode } = await run(
        [
          '{"command":"register","username":"alice","secret":"correct horse"}',
          '{"command":"login","username":"alice","secret":"correct horse"}',
          '{"command":"send","to":"alice","body":"note to \\"myself\\""}',
          'search a*',
        ],
        wire,
      );
      expect({ errors, exitCode }).toEqual({ errors: '', exitCode: 0 });
      // The message may come before the answer to its send.
      const [answer, message] = events
        .splice(2, 2)
        .sort((one) => (one.event === 'response' ? -1 : 1));
      const sent = {
        event: 'response',
        command: 'send',
        to: 'alice',
        status: 'delivered',
        code: 24,
      };
      expect(answer).toMatchObject({ ...sent, ok: true });
      expect(message).toEqual({ event: 'message', from: 'alice', body: 'note to "myself"' });
      expect(events).toMatchObject([
        {
          event: 'response',
          command: 'register',
          username: 'alice',
          status: 'registered',
          code: 1,
        },
        { event: 'response', command: 'login', unread: 0, status: 'loggedIn', code: 8, ok: true },
        { event: 'response', command: 'search', usernames: ['alice'], status: 'found', ok: true },
        { event: 'response', command: 'logout', status: 'loggedOut', code: 40, ok: true },
      ]);
      expect(JSON.stringify(events)).not.toContain('correct horse');
    },
  );

  it.each([
    ['{"command":', 'is not JSON'],
    ['{}', 'an object needs a "command"'],
    ['{"command":"dance"}', 'there is no "dance"'],
    ['{"command":7}', 'there is no 7'],
    ['{"command":"send","to":"bob","text":"hi"}', 'it takes to, body'],
    ['{"command":"login","username":7}', '"username" has to be a string'],
    ['{"command":"login"}', 'login needs a username'],
    ['{"command":"send","to":"bob","body":"hi"}', 'you must be logged in'],
    ['nonsense', 'there is no command "nonsense"'],
  ])('refuses %s, says why, and exits with 2', async (line, reason) => {
    const { events, exitCode } = await run([line]);
    expect(exitCode).toBe(2);
    expect(events).toEqual([
      { event: 'refused', status: 'refused', text: expect.stringContaining(reason) },
    ]);
  });

  it('tells an answer that refuses by its status', async () => {
    const { events, exitCode } = await run(['login nobody']);
    expect(exitCode).toBe(2);
    expect(events[0]).toMatchObject({ status: 'notRegistered', code: 10, ok: false });
  });

  it('asks nothing and shows no prompt at a terminal', async () => {
    const args = [...chatArguments(server.port), '--json'];
    const chat = new TerminalProgram({ file: process.execPath, args, columns: 200 });
    chat.type('search\r');
    await chat.until((lines) => lines.at(-1)?.includes('"status":"notFound"') === true);
    chat.type('\x04');
    expect(await chat.exited).toBe(0);
    expect(chat.lines().filter((line) => !line.startsWith('{'))).toEqual(['search']);
  });
});
