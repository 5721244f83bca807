import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { type ChatClient, Operation } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { expect, it } from 'vitest';
import { appearances, filesIn, type Hidden, hiddenOf, shownOf } from './appearances.ts';
import { chatArguments, key, mainFile, startChat, type Wire } from './chat-program.ts';
import { newDirectory } from './data-directory.ts';
import { ServeProgram } from './serve-program.ts';

const secrets = {
  secret: 'a zebra hums 7 tunes',
  'next secret': 'Owls>file~taxes?',
  'wrong secret': 'this was never right',
  'weak secret': 'trustno1',
  'reset secret': 'operators chose this one',
};
const wires: readonly Wire[] = ['socket', 'converse', 'unary'];

/** All that anybody may see, and what nobody may. */
class Sight {
  readonly hidden: Hidden[] = Object.entries(secrets).flatMap(([what, text]) =>
    hiddenOf(what, text),
  );
  readonly #seen: (readonly [where: string, content: Buffer])[] = [];

  see(where: string, content: unknown): void {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(inspect(content, { depth: 9 }));
    this.#seen.push([where, bytes]);
  }

  hide(what: string, text: string | undefined): void {
    if (text !== undefined) this.hidden.push(...hiddenOf(what, text));
  }

  get found(): string[] {
    return this.#seen.flatMap(([where, content]) =>
      appearances(this.hidden, content).map((found) => `${where}: ${found}`),
    );
  }
}

it.each([
  ['as it is', (text: string) => text],
  ['in hexadecimal', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
  ['in base64', (text: string) => Buffer.from(`Bearer ${text}.`).toString('base64')],
])('what looks for secrets finds one %s', (how, show) => {
  const hidden = hiddenOf('secret', secrets.secret);
  expect(appearances(hidden, Buffer.from(`log: ${show(secrets.secret)}, said`))).toEqual([
    `secret ${how}`,
  ]);
  expect(appearances(hidden, Buffer.from('a zebra hums 8 tunes'))).toEqual([]);
});

it('secrets and tokens appear nowhere, whatever happens', { timeout: 60_000 }, async () => {
  const sight = new Sight();
  const directory = newDirectory();
  const data = join(directory, 'data');
  const secretFile = join(newDirectory(), 'secret');
  writeFileSync(secretFile, `${secrets.secret}\n`, { mode: 0o600 });
  const server = await ServeProgram.listening([
    ...['--store', 'sqlite', '--data-dir', data, '--log-level', 'trace', '--log-format', 'json'],
    ...['--admin-port', '0', '--accounts', 'protected'],
  ]);
  const ports = portsOf(server);

  await Promise.all([
    ...wires.map((wire) => useClient(sight, wire, ports[wire])),
    ...wires.map((wire) => useCommand(sight, wire, ports[wire], secretFile)),
    misbehave(ports.socket),
  ]);
  await useTerminal(sight, ports.socket);
  writeFileSync(secretFile, `${secrets['reset secret']}\n`);
  for (const words of [
    ['create', 'made', '--secret-file', secretFile],
    ['reset-secret', 'sockettyped', '--secret-file', secretFile],
    ['users'],
    ['sessions'],
    ['stats'],
  ]) {
    const command = ['admin', ...words, '--data-dir', data];
    sight.see(`tandem ${words[0]}`, await run(sight, command));
  }
  sight.see('--print-config', await run(sight, ['serve', '--print-config', '--data-dir', data]));
  sight.see('backup', await run(sight, ['backup', join(directory, 'copy.db'), '--data-dir', data]));
  const metrics = await fetch(`http://127.0.0.1:${ports.operator}/metrics`);
  sight.see('/metrics', Buffer.from(await metrics.arrayBuffer()));
  for (const [name, content] of shownOf(server.pid)) sight.see(name, content);
  for (const [name, content] of filesIn(directory)) sight.see(`${name}, served`, content);
  server.signal('SIGTERM');
  await server.exited;
  for (const [name, content] of filesIn(directory)) sight.see(`${name}, left`, content);
  sight.see('output', Buffer.from(server.output));
  sight.see('log', Buffer.from(server.errorOutput));

  expect(sight.found).toEqual([]);
  // It was put to the test.
  expect(server.errorOutput).toContain('"operation":"loginWithSecret"');
  expect(server.errorOutput).toContain('"operation":"resume"');
  expect(sight.hidden.filter(({ what }) => what.startsWith('token')).length).toBeGreaterThan(15);
});

function portsOf({ output, errorOutput }: ServeProgram) {
  const [socket = 0, grpc = 0] = [...output.matchAll(/ on .*:(\d+)$/gm)].map(([, port]) =>
    Number(port),
  );
  const operator = Number(/"port":(\d+),"msg":"serving the operator"/.exec(errorOutput)?.[1]);
  return { socket, converse: grpc, unary: grpc, operator };
}

/** A library's client: what it is answered, and what it says when something goes wrong. */
async function useClient(sight: Sight, wire: Wire, port: number): Promise<void> {
  const open = (): Promise<ChatClient> =>
    wire === 'socket'
      ? connectSocketClient({ host: '127.0.0.1', port })
      : connectGrpcClient({ host: '127.0.0.1', port, mode: wire });
  const name = `${wire}user`;
  const told: unknown[] = [];
  const [first, second] = [await open(), await open()];
  const note = (client: ChatClient) => sight.hide(`token of ${wire}`, client.resumption?.token);
  told.push(await first.register(name, secrets['weak secret']));
  told.push(await first.register(name, secrets.secret), await first.register(name, secrets.secret));
  told.push(await first.login(name, secrets['wrong secret']), await first.login(name));
  told.push(await first.login(name, secrets.secret));
  note(first);
  const { resumption } = first;
  if (resumption === undefined) throw new Error('no token');
  told.push(await second.resume(resumption));
  note(second);
  told.push(await first.closed, await first.send(name, 'x').catch((error: unknown) => error));
  told.push(await second.changeSecret(secrets['wrong secret'], secrets['next secret']));
  told.push(await second.changeSecret(secrets.secret, secrets['next secret']));
  note(second);
  told.push(await second.send(name, 'hi'), await second.logout());
  told.push(await second.resume(resumption));
  await second.close();
  sight.see(`what clients over ${wire} are told`, told);
}

/** Requests that break rules: what is refused is not repeated anywhere. */
async function misbehave(port: number): Promise<void> {
  const { secret } = secrets;
  const frame = (operation: number, content: string) => {
    const header = Buffer.from([operation, content.length >> 8, content.length & 0xff]);
    return Buffer.concat([header, Buffer.from(content)]);
  };
  for (const bytes of [
    frame(Operation.loginWithSecret, `socketuser|${secret}|${secret}`),
    frame(Operation.loginWithSecret, secret),
    frame(Operation.changeSecret, `socketuser|${secret}`),
    frame(Operation.resume, `socketuser|${secret}|x`),
    frame(Operation.registerWithSecret, `socketuser|${secret.repeat(30)}`),
    frame(99, secret),
    Buffer.from(secret),
  ]) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.resume().end(Buffer.concat([Buffer.of(0x81), bytes]));
    await once(socket, 'close');
  }
}

/** `tandem chat` with a script, and the commands that ask for one thing. */
async function useCommand(
  sight: Sight,
  wire: Wire,
  port: number,
  secretFile: string,
): Promise<void> {
  const name = `${wire}typed`;
  const [, ...chat] = chatArguments(port, wire);
  const script = `register ${name}\nlogin ${name}\nsend ${name} hi\nlogout ${name}\n`;
  const file = ['--secret-file', secretFile];
  const said = await run(sight, [...chat, ...file], script);
  expect(`${said}`).toContain(`logged in as ${name}`);
  sight.see(`tandem chat over ${wire}`, said);
  sight.see(`--json over ${wire}`, await run(sight, [...chat, '--json', ...file], script));
  // No JSON, then an object while lines go to somebody, then that somebody's unread messages.
  const { secret, 'weak secret': weak } = secrets;
  const odd = [
    `{"secret":${weak}}`,
    `{"command":"login","username":"${name}","secret":"${secret}"`,
    `login ${name}`,
    `to ${name}`,
    `{"command":"register","username":"${name}","secret":"${secret}"}`,
    `{"secret":${weak}}`,
    '/logout',
    '',
  ];
  const refused = await run(sight, [...chat, '--json', ...file], odd.join('\n'));
  expect(`${refused}`.match(/is no JSON/g)).toHaveLength(3);
  sight.see(`--json over ${wire}, refused`, refused);
  const [, ...where] = chat;
  sight.see(
    `tandem send over ${wire}`,
    await run(sight, ['send', name, name, 'hi', ...where, ...file]),
  );
}

/** A secret that is typed, is not echoed, and stands in no process. */
async function useTerminal(sight: Sight, port: number): Promise<void> {
  const chat = await startChat(port);
  chat.type(`login sockettyped${key.enter}`);
  await chat.untilLastLine('secret:');
  chat.type(`${secrets['wrong secret']}${key.enter}`);
  await chat.untilLine('there is no user sockettyped with that secret');
  chat.type(`login sockettyped${key.enter}`);
  await chat.untilLastLine('secret:');
  chat.type(`${secrets.secret}${key.enter}`);
  await chat.untilLastLine('sockettyped>');
  for (const [name, content] of shownOf(chat.pid)) sight.see(`${name}, a terminal`, content);
  chat.type(`${key.up}${key.up}${key.eraseLine}quit${key.enter}`);
  await chat.exited;
  sight.see('the terminal', Buffer.from(chat.written));
}

/** Runs `tandem` to its end; what the system shows of it meanwhile is seen, too. */
async function run(sight: Sight, args: readonly string[], input = ''): Promise<Buffer> {
  const child = spawn(process.execPath, [mainFile, ...args]);
  for (const [name, content] of shownOf(child.pid ?? 0)) sight.see(name, content);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = once(child, 'close');
  const written = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  await ended;
  return Buffer.concat(written);
}
