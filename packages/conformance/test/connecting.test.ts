import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ChatService, MemoryStore } from '@tandem/chat';
import { type ConnectError, formatPlace } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const logger = pino({ level: 'silent' });
const localhost = '127.0.0.1';
const another = '127.0.0.2';
const connectTimeoutMs = 500;

interface Where {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs?: number;
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

/** Each way to connect, and the two servers: the one that is meant, and the one that is not. */
const transports = [
  {
    name: 'socket',
    connect: (where: Where) => connectSocketClient({ waitForVersion: true, ...where }),
    start: startSocketServer,
    startOther: startGrpcServer,
  },
  {
    name: 'gRPC',
    connect: (where: Where) => connectGrpcClient(where),
    start: startGrpcServer,
    startOther: startSocketServer,
  },
];

async function serve(start: typeof startSocketServer | typeof startGrpcServer, host = localhost) {
  const service = await ChatService.open({ store: new MemoryStore() });
  const server = await start({ service, logger, host, port: 0 });
  onTestFinished(() => server.stop());
  return server.port;
}

async function listen(server: Server, port = 0, host = localhost): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which a server does this with each connection. */
function onConnection(act: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => {
      socket.destroy();
    });
    act(socket);
  });
  return listen(server);
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, localhost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A port whose connections never come about, as behind a firewall that drops them. */
async function blackHole(): Promise<number> {
  const file = fileURLToPath(new URL('fixtures/black-hole.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(String(line));
  const fillers = [connect(port, localhost), connect(port, localhost)];
  for (const filler of fillers) filler.on('error', () => {});
  onTestFinished(() => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  });
  await Promise.all(fillers.map((filler) => once(filler, 'connect')));
  return port;
}

async function failure(connecting: Promise<unknown>): Promise<ConnectError> {
  return connecting.then(
    () => expect.fail('it connected'),
    (error) => error,
  );
}

/** The message, as if nothing had taken any time before the address was tried. */
function wholeTime({ message }: Error): string {
  return message.replace(/within \d+ ms/, `within ${connectTimeoutMs} ms`);
}

describe.each(transports)('connecting over $name', ({ name, connect, start, startOther }) => {
  const isItTandem = `is this a Tandem ${name} server?`;

  // The first client of a process reads its contract, which takes some of the time that there is.
  beforeAll(async () => {
    await connect({ host: localhost, port: await unusedPort() }).catch(() => {});
  });

  it.each([
    ['who refuses', unusedPort, 'nobody listens there (ECONNREFUSED); is the server running?'],
    [
      'who hangs up',
      () => onConnection((socket) => socket.end()),
      `it ended the connection before it named its protocol; ${isItTandem}`,
    ],
    [
      'who resets the connection',
      () => onConnection((socket) => socket.once('data', () => socket.resetAndDestroy())),
      `it reset the connection before it named its protocol (ECONNRESET); ${isItTandem}`,
    ],
    [
      'who says nothing',
      () => onConnection(() => {}),
      `it accepted the connection and sent nothing within ${connectTimeoutMs} ms; ${isItTandem}`,
    ],
    [
      'who drops whatever comes',
      blackHole,
      `it did not answer within ${connectTimeoutMs} ms; is the address right, and does no firewall block it?`,
    ],
  ])(
    'says in one line of somebody %s what happened, and what to look at',
    async (_, open, said) => {
      const port = await open();
      const error = await failure(connect({ host: localhost, port, connectTimeoutMs }));
      expect(wholeTime(error)).toBe(`cannot connect to ${localhost}:${port}: ${said}`);
    },
  );

  it.each([
    ['HTTP', () => listen(createHttpServer())],
    ['SSH', () => onConnection((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))],
    ['the other transport', () => serve(startOther)],
  ])('says that the server speaks another protocol when it is %s', async (_, open) => {
    const error = await failure(connect({ host: localhost, port: await open() }));
    expect(error.code).toBe('version-mismatch');
    expect(error.message).toContain(': it speaks another protocol (');
    expect(error.message).toContain(isItTandem);
  });

  it.each([
    [
      'does not exist',
      'nowhere.invalid',
      undefined,
      /there is no such host|could not be looked up/,
    ],
    ['has no address', 'name', async () => [], /the name has no address; is the name right\?$/],
    [
      'nobody looks up in time',
      'name',
      () => new Promise<string[]>(() => {}),
      /the name could not be looked up within 500 ms; is the network up\?$/,
    ],
    ['is none', 'not a host', undefined, /neither a name nor an address/],
    ['has a port', '[::1]:5', undefined, /is a host and a port/],
  ])('says of a name that it %s', async (_, host, lookUp, said) => {
    const where = { host, port: 5, connectTimeoutMs, ...(lookUp && { lookUp }) };
    const { message } = await failure(connect(where));
    expect(message).toMatch(said);
    expect(message.startsWith('cannot connect to ')).toBe(true);
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN])('says that there is no port %d', async (port) => {
    const { message } = await failure(connect({ host: localhost, port }));
    expect(message).toContain(`there is no port ${port}`);
  });

  it.each(['::1', '[::1]', '0:0:0:0:0:0:0:1', '::1%lo'])('takes %s as an address', async (host) => {
    const port = await serve(start, '::1');
    const client = await connect({ host, port });
    expect(await client.search('*')).toEqual({ status: 17 });
    expect(formatPlace(client.place)).toMatch(/^\[::1(%lo)?\]:\d+$/);
    await client.close();
  });

  it('names the host and the address that answered', async () => {
    const port = await serve(start);
    const client = await connect({
      host: 'chat.example.org',
      port,
      lookUp: async () => [localhost],
    });
    expect(formatPlace(client.place)).toBe(`chat.example.org (${localhost}:${port})`);
    await client.close();
  });

  it('goes on to the next address when one refuses', async () => {
    const port = await serve(start);
    const client = await connect({ host: 'name', port, lookUp: async () => [another, localhost] });
    expect(client.place.address).toBe(localhost);
    await client.close();
  });

  it('goes on to the next address when one is silent, and gives that one up', async () => {
    const port = await serve(start);
    const silent = createServer();
    await listen(silent, port, another);
    const accepted = once(silent, 'connection') as Promise<Socket[]>;
    const client = await connect({ host: 'name', port, lookUp: async () => [another, localhost] });
    expect(client.place.address).toBe(localhost);
    const [left] = await accepted;
    left?.on('error', () => {}).resume();
    await once(left as Socket, 'close');
    expect(await client.search('*')).toEqual({ status: 17 });
    await client.close();
  });

  it('names each address and why it did not do, when none does', async () => {
    const silent = await onConnection(() => {});
    const lookUp = async () => [localhost, another, '127.0.0.3'];
    const error = await failure(connect({ host: 'name', port: silent, connectTimeoutMs, lookUp }));
    expect(wholeTime(error)).toBe(
      `cannot connect to name:${silent}: at ${another}:${silent} and 127.0.0.3:${silent}, ` +
        `nobody listens there (ECONNREFUSED); at ${localhost}:${silent}, it accepted the ` +
        `connection and sent nothing within ${connectTimeoutMs} ms; ${isItTandem}`,
    );
    expect(error.code).toBe('connect-timeout');
  });

  it('gives up all addresses when the signal is aborted', async () => {
    const port = await onConnection(() => controller.abort());
    const controller = new AbortController();
    const lookUp = async () => [localhost, another];
    const where = { host: 'name', port, lookUp, signal: controller.signal };
    expect((await failure(connect(where))).code).toBe('closed');
  });
});
