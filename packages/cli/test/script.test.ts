import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatArguments } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

/** `tandem chat` with a pipe on standard input. */
function startScript(port = server.port) {
  const child = spawn(process.execPath, chatArguments(port));
  const result = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([output, errors, [exitCode]]) => ({ output, errors, exitCode: exitCode as number }),
  );
  return { child, result };
}

async function run(...lines: string[]) {
  const { child, result } = startScript();
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return result;
}

describe('tandem chat without a terminal', () => {
  it('runs the commands that it reads, one after another, and logs out at the end', async () => {
    expect(
      await run('register alice', 'REGISTER bob', 'login alice', 'send bob see you at eight'),
    ).toEqual({
      output: [
        'registered alice; log in with "login alice"',
        'registered bob; log in with "login bob"',
        'logged in as alice; no unread messages',
        'bob is not logged in; the message is stored and will be delivered at the next login',
        'logged out alice',
        '',
      ].join('\n'),
      errors: '',
      exitCode: 0,
    });
    await server.untilLoggedOut('alice');
  });

  it('asks nothing: a line says all of its command, and the next line is the next command', async () => {
    const { output, errors, exitCode } = await run(
      ...['register alice', 'register', 'login alice', 'search', 'send', 'send alice', 'logout'],
      ...['search', 'send alice hi'],
    );
    expect(output.split('\n')).toEqual([
      'registered alice; log in with "login alice"',
      'logged in as alice; no unread messages',
      ...['1 user matches:', 'alice', '1 user matches:', 'alice'],
      ...['alice: hi', 'logged out alice', ''],
    ]);
    expect(errors.split('\n')).toEqual([
      'register needs a username on its line: without a terminal, the chat asks for nothing',
      'send needs a username and a message on its line: without a terminal, the chat asks for nothing',
      'send needs a message on its line: without a terminal, the chat asks for nothing',
      'logout needs your username on its line: without a terminal, the chat asks for nothing',
      '',
    ]);
    expect(exitCode).toBe(2);
  });

  it('skips empty lines and comments, which a message may look like', async () => {
    const commented = ['# who I am', '  #', '', ' \t', '#send alice no'];
    expect(
      await run('register alice', ...commented, 'login alice', 'send alice #1 # yes'),
    ).toMatchObject({
      output: expect.stringContaining('\nalice: #1 # yes\nlogged out alice\n'),
      errors: '',
      exitCode: 0,
    });
  });

  it('takes what Unicode calls a line break for a character, and says that it is not allowed', async () => {
    const breaks = ['\v', '\f', '\u0085', '\u2028', '\u2029', '\r'];
    const lines = breaks.map((character) => `send alice one${character}register two`);
    const { errors, output } = await run('register alice', 'login alice', ...lines, 'search');
    for (const name of ['b', 'c', '85', '2028', '2029', 'd']) {
      expect(errors).toContain(`the line break "\\u{${name}}" is not allowed`);
    }
    expect(errors.trimEnd().split('\n')).toHaveLength(breaks.length);
    expect(output).toContain('1 user matches:\nalice\n');
  });

  it('prints all that was unread before the next command, and acknowledges it', async () => {
    const friend = await server.friend('bob');
    await friend.register('alice');
    const bodies = Array.from({ length: 600 }, (_, index) => `message ${index}`);
    await Promise.all(bodies.map((body) => friend.send('alice', body)));

    const first = await run('login alice', 'logout alice');
    expect(first.output).toBe(
      [
        'logged in as alice; 600 unread messages:',
        ...bodies.map((body) => `bob: ${body}`),
        'logged out alice',
        '',
      ].join('\n'),
    );
    const second = await run('login alice');
    expect(second.output).toContain('no unread messages');
  });

  it('prints a message to oneself before it leaves', async () => {
    await server.friend('bob');
    const { output } = await run('register alice', 'login alice', 'send alice note to myself');
    expect(output.split('\n').slice(-3)).toEqual(['alice: note to myself', 'logged out alice', '']);
  });

  it('goes on after a refusal, says it on standard error, and exits with 2', async () => {
    const { output, errors, exitCode } = await run('send bob hi', 'serch', 'register alice');
    expect(output).toBe('registered alice; log in with "login alice"\n');
    expect(errors).toContain('you must be logged in to send a message');
    expect(errors).toContain('did you mean "search"?');
    expect(exitCode).toBe(2);
  });

  it('exits with 1 when nobody listens, with one line that says what to do', async () => {
    await server.stop();
    const { output, errors, exitCode } = await run('help');
    expect({ output, exitCode }).toEqual({ output: '', exitCode: 1 });
    expect(errors).toMatch(
      /^cannot connect to 127\.0\.0\.1:\d+: .*"pnpm serve" starts a server.*\n$/,
    );
  });

  it('exits with 1 when the server goes away, though its input is still open', async () => {
    const { child, result } = startScript();
    child.stdin.write('register alice\n');
    await once(child.stdout, 'readable');
    await server.stop();
    const { errors, exitCode } = await result;
    expect(errors).toMatch(/^the server is gone: .*\n$/);
    expect(exitCode).toBe(1);
  });

  it('logs out on SIGTERM, and exits with 143', async () => {
    const { child, result } = startScript();
    child.stdin.write('register alice\nlogin alice\nhelp\n');
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('Ctrl-R')) child.kill('SIGTERM');
    });
    expect((await result).exitCode).toBe(143);
    await server.untilLoggedOut('alice');
  });
});
