import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type ChatClient, Operation } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { expect, it } from 'vitest';
import { appearances, filesIn, hiddenOf, shownOf, shownOfAll } from './appearances.ts';
import { chatArguments, key, mainFile, startChat, type Wire } from './chat-program.ts';
import { newDirectory } from './data-directory.ts';
import { command, token } from './operated-server.ts';
import { ServeProgram } from './serve-program.ts';
import { Sight } from './sight.ts';

const secrets = {
  secret: 'a zebra hums 7 tunes',
  'next secret': 'Owls>file~taxes?',
  'wrong secret': 'this was never right',
  'weak secret': 'trustno1',
  'reset secret': 'operators chose this one',
};
const wires: readonly Wire[] = ['socket', 'converse', 'unary'];

it.each([
  ['as it is', (text: string) => text],
  ['in hexadecimal', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
  ['in base64', (text: string) => Buffer.from(`Bearer ${text}.`).toString('base64')],
  ['in base64', (text: string) => inLines(Buffer.from(`the key: ${text}.`).toString('base64'))],
  ['in base64', (text: string) => JSON.stringify(inLines(Buffer.from(text).toString('base64')))],
])('what looks for secrets finds one %s', (how, show) => {
  const hidden = hiddenOf('secret', secrets.secret);
  expect(appearances(hidden, Buffer.from(`log: ${show(secrets.secret)}, said`))).toEqual([
    `secret ${how}`,
  ]);
  expect(appearances(hidden, Buffer.from('a zebra hums 8 tunes'))).toEqual([]);
});

/** Breaks a text as PEM does. */
const inLines = (text: string) => text.replace(/.{16}/g, '$&\n');

it('secrets and tokens appear nowhere, whatever happens', async () => {
  const sight = new Sight();
  for (const [what, text] of Object.entries(secrets)) sight.hide(what, text);
  sight.hide('token of the operator', token);
  const directory = newDirectory();
  const data = join(directory, 'data');
  const secretFile = join(newDirectory(), 'secret');
  writeFileSync(secretFile, `${secrets.secret}\n`, { mode: 0o600 });
  const tokenFile = join(newDirectory(), 'token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const server = await ServeProgram.listening([
    ...['--transport', 'all', '--store', 'sqlite', '--data-dir', data],
    ...['--log-level', 'trace', '--log-format', 'json'],
    ...['--admin-port', '0', '--admin-token-file', tokenFile, '--accounts', 'protected'],
  ]);
  const ports = portsOf(server);

  await Promise.all([
    ...wires.map((wire) => useClient(sight, wire, ports[wire])),
    ...wires.map((wire) => useCommand(sight, wire, ports[wire], secretFile)),
    misbehave(ports.socket),
  ]);
  const history = join(directory, 'history');
  await useTerminal(sight, ports.socket, history);
  writeFileSync(secretFile, `${secrets['reset secret']}\n`);
  await operate(sight, { data, secretFile, tokenFile, port: ports.operator });
  await misconfigure(sight, secretFile);
  const config = join(directory, 'tandem.json');
  writeFileSync(config, JSON.stringify({ 'admin-port': 1, 'admin-token-file': tokenFile }));
  for (const [name, words] of [
    ['--print-config', ['serve', '--print-config', '--config', config, '--data-dir', data]],
    ['backup', ['backup', join(directory, 'copy.db'), '--data-dir', data]],
  ] as const) {
    sight.see(name, await sight.run([mainFile, ...words]));
  }
  const metrics = await fetch(`http://127.0.0.1:${ports.operator}/metrics`);
  sight.see('/metrics', Buffer.from(await metrics.arrayBuffer()));
  sight.seeAll(shownOf(server.pid));
  sight.seeAll(filesIn(directory), ', served');
  server.signal('SIGTERM');
  await server.exited;
  sight.seeAll(filesIn(directory), ', left');
  sight.see('output', Buffer.from(server.output));
  sight.see('log', Buffer.from(server.errorOutput));

  expect(sight.found).toEqual([]);
  expect(readFileSync(history, 'utf8')).toContain('"body":"hi"');
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
  sight.see(`what clients over ${wire} are told`, [...told, ...(await failures(open, name))]);
}

/** The errors of a client: of what it does not take, of what is cut short, and of what comes too late. */
async function failures(open: () => Promise<ChatClient>, name: string): Promise<unknown[]> {
  const client = await open();
  const { secret, 'next secret': next } = secrets;
  const asked: (() => Promise<unknown>)[] = [
    () => client.login(name, next),
    () => client.register(name, secret),
    () => client.changeSecret(secret, next),
    () => client.resume({ username: name, token: secret, taken: 0 }),
  ];
  const odd = [`${secret}|x`, `${secret}\n`, secret.repeat(10)].flatMap((text) => [
    () => client.login(name, text),
    () => client.register(name, text),
    () => client.changeSecret(text, text),
    () => client.resume({ username: name, token: text, taken: 0 }),
  ]);
  const told = (asks: typeof asked) =>
    Promise.all(
      asks.map(async (ask) => ask()).map((each) => each.catch((error: unknown) => error)),
    );
  const early = await told(odd);
  const pending = told(asked.slice(0, 1));
  const printed = inspect(client);
  await client.close();
  return [printed, ...early, ...(await pending), ...(await told([...asked, ...odd]))];
}

/** The commands of an operator, by the socket and by the port, with the right token and another one. */
async function operate(
  sight: Sight,
  place: { data: string; secretFile: string; tokenFile: string; port: number },
): Promise<void> {
  const { data, secretFile, tokenFile, port } = place;
  const where = ['--data-dir', data];
  const byPort = ['--admin-port', String(port), '--admin-token-file'];
  for (const words of [
    ['create', 'made', '--secret-file', secretFile, ...where],
    ['reset-secret', 'sockettyped', '--secret-file', secretFile, ...where],
    ['users', ...where],
    ['stats', '--json', ...where],
    ['sessions', ...byPort, tokenFile],
    // A secret that is no token of this server.
    ['stats', ...byPort, secretFile],
  ]) {
    sight.see(`tandem ${words[0]}`, await sight.run([mainFile, 'admin', ...words]));
  }
  // Printed here, once.
  const created = await sight.run([mainFile, 'admin', 'create', 'shown', '--json', ...where]);
  const { secret } = JSON.parse(String(created)) as { secret: string };
  expect(secret.length).toBeGreaterThan(10);
  sight.hide('secret of the server', secret);
  for (const [name, args] of [
    ['users', { query: 'made' }],
    ['create', { name: 'made', secret: secrets['reset secret'] }],
    ['create', { name: 'weak', secret: secrets['weak secret'] }],
    ['create', { name: 'long', secret: secrets.secret.repeat(10) }],
    ['create', { name: 'odd', secret: [secrets.secret] }],
    ['kick', { name: 'made', secret }],
    ['ban', { target: 'made', secret }],
    ['bans', {}],
    ['unban', { target: 'made' }],
    ['delete', { name: 'made' }],
    ['log-level', { secret }],
  ] as const) {
    sight.see(`${name} by the port`, await command(port, name, args));
  }
}

/** Starts and clients that are refused, with secrets where they do not belong. */
async function misconfigure(sight: Sight, secretFile: string): Promise<void> {
  const directory = newDirectory();
  const { 'reset secret': secret } = secrets;
  const config = join(directory, 'tandem.json');
  writeFileSync(config, JSON.stringify({ 'admin-token': secret }));
  const large = join(directory, 'large');
  writeFileSync(large, secret.repeat(1_000));
  const port = ['--port', '1'];
  for (const words of [
    ['serve', '--config', config],
    // A secret has spaces, and a token has not.
    ['serve', '--store', 'memory', '--admin-port', '0', '--admin-token-file', secretFile],
    ['chat', ...port, '--secret-file', secretFile],
    ['chat', ...port, '--secret-file', large],
    ['chat', ...port, '--json', '--secret-file', secretFile],
    ['chat', ...port, '--tls-ca', secretFile],
    ['send', 'made', 'made', 'hi', ...port, '--secret-file', secretFile],
  ]) {
    const said = await sight.run([mainFile, ...words]);
    expect(said.length).toBeGreaterThan(0);
    sight.see(`${words.join(' ')}, refused`, said);
  }
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
  const chat = chatArguments(port, wire);
  const script = `register ${name}\nlogin ${name}\nsend ${name} hi\nlogout ${name}\n`;
  const file = ['--secret-file', secretFile];
  const said = await sight.run([...chat, ...file], script);
  expect(`${said}`).toContain(`logged in as ${name}`);
  sight.see(`tandem chat over ${wire}`, said);
  sight.see(`--json over ${wire}`, await sight.run([...chat, '--json', ...file], script));
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
  const refused = await sight.run([...chat, '--json', ...file], odd.join('\n'));
  expect(`${refused}`.match(/is not JSON/g)).toHaveLength(3);
  sight.see(`--json over ${wire}, refused`, refused);
  const [, , ...where] = chat;
  sight.see(
    `tandem send over ${wire}`,
    await sight.run([mainFile, 'send', name, name, 'hi', ...where, ...file]),
  );
}

/** A secret that is typed, is not echoed, and stands in no process and no history. */
async function useTerminal(sight: Sight, port: number, history: string): Promise<void> {
  const chat = await startChat(port, { options: ['--history', history] });
  chat.type(`login sockettyped${key.enter}`);
  await chat.untilLastLine('secret:');
  chat.type(`${secrets['wrong secret']}${key.enter}`);
  await chat.untilLine('there is no user sockettyped with that secret');
  chat.type(`login sockettyped${key.enter}`);
  await chat.untilLastLine('secret:');
  chat.type(`${secrets.secret}${key.enter}`);
  await chat.untilLastLine('sockettyped>');
  chat.type(`send sockettyped hi${key.enter}`);
  await chat.until((lines) => lines.some((line) => line.endsWith('sockettyped: hi')));
  sight.seeAll(shownOfAll(), ', while a terminal is logged in');
  chat.type(`${key.up}${key.up}${key.eraseLine}quit${key.enter}`);
  await chat.exited;
  sight.see('the terminal', Buffer.from(chat.written));
}
