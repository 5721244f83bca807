import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mainFile, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { runTandem } from './run-tandem.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

function where(wire: Wire = 'socket'): string[] {
  if (wire === 'socket') return ['--port', String(server.port)];
  return ['--transport', 'grpc', '--mode', wire, '--port', String(server.grpcPort)];
}

describe.each<Wire>(['socket', 'converse', 'unary'])('a single command over %s', (wire) => {
  it('registers, sends and searches, and says what came of it', async () => {
    const bob = await server.friend('bob');
    expect(await runTandem('register', 'alice', ...where(wire))).toEqual({
      code: 0,
      output: 'registered alice; log in with "login alice"\n',
      errorOutput: '',
    });
    const sent = await runTandem('send', 'alice', 'bob', 'see you', ...where(wire));
    expect(sent).toEqual({ code: 0, output: 'delivered to bob\n', errorOutput: '' });
    expect((await bob.messages.next()).value).toEqual({ sender: 'alice', body: 'see you' });
    const found = await runTandem('search', ...where(wire));
    expect(found).toEqual({ code: 0, output: 'alice\nbob\n', errorOutput: '' });
    await server.untilLoggedOut('alice');
  });
});

describe('a single command', () => {
  it('leaves what is unread unread', async () => {
    const bob = await server.friend('bob');
    await bob.register('alice');
    await bob.send('alice', 'for later');
    expect((await runTandem('send', 'alice', 'bob', 'hi', ...where())).code).toBe(0);
    const chat = spawn(process.execPath, [mainFile, 'chat', ...where()]);
    chat.stdin.end('login alice\n');
    expect(await text(chat.stdout)).toContain('1 unread message:\nbob: for later\n');
  });

  it('sends each line of standard input for -, goes on after one that is refused, and exits with 2', async () => {
    const bob = await server.friend('bob');
    await bob.register('alice');
    const child = spawn(process.execPath, [mainFile, 'send', 'alice', 'bob', '-', ...where()]);
    child.stdin.end(`one\n\n \nno|ne\n${'x'.repeat(5000)}\nthree\n`);
    const [[code], errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    expect(code).toBe(2);
    expect(errors).toBe(
      'line 4: a message cannot contain |\nline 5: a line has at most 4096 characters; this longer one was skipped\n',
    );
    expect((await bob.messages.next()).value?.body).toBe('one');
    expect((await bob.messages.next()).value?.body).toBe('three');
  });

  it('says that the connection is lost though the next line may never come, and exits with 1', async () => {
    await server.friend('bob');
    await runTandem('register', 'alice', ...where());
    const child = spawn(process.execPath, [mainFile, 'send', 'alice', 'bob', '-', ...where()]);
    child.stdin.write('one\n');
    await once(child.stdout, 'readable');
    const exited = Promise.all([once(child, 'exit'), text(child.stderr)]);
    await server.stop();
    const [[code], errors] = await exited;
    expect(code).toBe(1);
    expect(errors).toMatch(/^the server is gone: .*\n$/);
    child.stdin.destroy();
  });

  it.each([
    [['send', 'alice', 'bob', 'hi'], 'the user alice does not exist'],
    [['send', 'bob', 'al|ce', 'hi'], 'a username has only letters'],
    [['send', 'bob', 'alice', 'hi'], 'bob is already logged in somewhere else'],
    [['register', 'bob'], 'the username bob already exists'],
    [['register', ''], 'a username cannot be blank'],
    [['search', 'b?'], 'a query has only letters'],
  ])('exits with 2 and says why when it is refused: %j', async (words, reason) => {
    await server.friend('bob');
    const { code, output, errorOutput } = await runTandem(...words, ...where());
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errorOutput).toContain(reason);
  });

  it('exits with 0 when a search finds nobody, and says so beside the names', async () => {
    expect(await runTandem('search', 'nobody*', ...where())).toEqual({
      code: 0,
      output: '',
      errorOutput: 'no user matches\n',
    });
  });

  it('exits with 1 when nobody listens', async () => {
    await server.stop();
    const { code, errorOutput } = await runTandem('search', ...where());
    expect(code).toBe(1);
    expect(errorOutput).toMatch(/^cannot connect to 127\.0\.0\.1:\d+: /);
    const told = await runTandem('search', '--json', ...where());
    expect(JSON.parse(told.output)).toMatchObject({ event: 'refused', status: 'connect-failed' });
  });

  it('says what came of it as JSON', async () => {
    await server.friend('bob');
    const { output } = await runTandem('search', 'b*', '--json', ...where());
    expect(JSON.parse(output)).toEqual({
      event: 'response',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      command: 'search',
      query: 'b*',
      usernames: ['bob'],
      status: 'found',
      code: 16,
      ok: true,
      text: '1 user matches:',
    });
  });
});
