// `pnpm soak:chat [MINUTES] [SECONDS] [socket|grpc]`: keeps a `tandem chat` of alice open in a real terminal
// for so many minutes, while its server is stopped or killed every so many seconds and stays away for up to
// 16 s, and bob and alice write to each other. Then it says what was lost, shown twice, or shown out of order:
// nothing.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { numberArgument, script, stopOnSignals } from '@tandem/command';
import { type ChatClient, ChatError, type Resumption, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { Argument } from 'commander';
import { mainFile } from '../test/chat-program.ts';
import { TerminalProgram } from '../test/terminal-program.ts';

const span = { min: 0.01, max: 34_560, fractions: true };
const [minutes, everyS, transport] = script(
  'soak:chat',
  'Keep a chat open while its server is stopped or killed again and again, and say what was lost.',
)
  .addArgument(numberArgument('[minutes]', 'how long', span).default(60))
  .addArgument(
    numberArgument('[seconds]', 'from one stop to the next', { min: 1, max: 86_400 }).default(60),
  )
  .addArgument(
    new Argument('[transport]', 'of the chat').choices(['socket', 'grpc']).default('socket'),
  )
  .parse().processedArgs as [number, number, 'socket' | 'grpc'];
const directory = mkdtempSync(join(tmpdir(), 'tandem-keep-open-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
const stop = stopOnSignals();
stop.signal.addEventListener('abort', () => process.exit(stop.exitCode));
const secret = 'correct horse';
const secretFile = join(directory, 'secret');
writeFileSync(secretFile, `${secret}\n`);
const host = '127.0.0.1';
const [port, grpcPort] = [await freePort(), await freePort()];

/** The messages that one side sent, by number, and whether each had its response. */
type Ledger = Map<number, 'answered' | 'in doubt'>;

/** A port below those that systems give to whoever asks for any: it stays free while the server is away. */
async function freePort(): Promise<number> {
  const server = createServer().listen(20_000 + Math.floor(Math.random() * 10_000), host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startServer(): Promise<ChildProcess> {
  const args = ['serve', '--data-dir', directory, '--log-level', 'silent'];
  const ports = ['--socket-port', String(port), '--grpc-port', String(grpcPort)];
  const child = spawn(process.execPath, [mainFile, ...args, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It goes with this process, and before its data.
  const kill = () => child.kill('SIGKILL');
  process.prependListener('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    if (said.includes('stop with Ctrl-C\n')) break;
  }
  child.stdout.resume();
  return child;
}

/** Bob: sends numbers, keeps what came of each, and takes what comes. Connects anew whenever he must. */
class Bob {
  readonly sent: Ledger = new Map();
  readonly received: string[] = [];
  ended = false;
  #resumption: Resumption | undefined;

  async run(): Promise<void> {
    let number = 1;
    while (!this.ended) {
      const client = await this.#connect();
      if (client === undefined) continue;
      const taking = this.#take(client);
      try {
        while (!this.ended) {
          this.sent.set(number, 'in doubt');
          const { status } = await client.send('alice', `n${number}`);
          if (status === Status.delivered || status === Status.stored)
            this.sent.set(number, 'answered');
          else this.sent.delete(number);
          number++;
          await pause(100);
        }
        await pause(2_000);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        number++;
      }
      this.#resumption = client.resumption;
      await client.close();
      await taking;
    }
  }

  async #connect(): Promise<ChatClient | undefined> {
    try {
      const client = await connectSocketClient({ host, port, waitForVersion: true });
      const resumed = this.#resumption && (await client.resume(this.#resumption));
      if (resumed !== undefined && 'unread' in resumed) return client;
      if ('unread' in (await client.login('bob', secret))) return client;
      await client.close();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
    await pause(200);
    return undefined;
  }

  async #take(client: ChatClient): Promise<void> {
    for await (const { body } of client.messages) this.received.push(body);
  }
}

/** Says what is wrong with what came: lost, twice, or out of order. */
function faultsOf(who: string, sent: Ledger, came: readonly number[]): string[] {
  const seen = new Set(came);
  const lost = [...sent].filter(([number, state]) => state === 'answered' && !seen.has(number));
  const twice = came.filter((number, at) => came.indexOf(number) !== at);
  const disordered = came.filter((number, at) => at > 0 && number < (came[at - 1] as number));
  return [
    ...lost.map(([number]) => `${who} did not get ${number}`),
    ...twice.map((number) => `${who} got ${number} twice`),
    ...disordered.map((number) => `${who} got ${number} late`),
  ];
}

let server = await startServer();
const first = await connectSocketClient({ host, port });
for (const name of ['alice', 'bob']) await first.register(name, secret);
await first.close();

const bob = new Bob();
const bobs = bob.run();
const grpc = transport === 'grpc';
const chat = new TerminalProgram({
  file: process.execPath,
  args: [mainFile, 'chat', '--transport', transport, '--port', String(grpc ? grpcPort : port)],
  environment: { TANDEM_SECRET_FILE: secretFile },
  columns: 200,
});
await chat.untilLastLine('>');
chat.type('login alice\r');

const endsAt = performance.now() + minutes * 60_000;
let restarts = 0;
let typed = 0;
let aliceTypes = true;
const restarting = (async () => {
  while (performance.now() + everyS * 1_000 < endsAt) {
    await pause(everyS * 1_000);
    // A key makes the client try at once. Without one it comes back by its own pauses, up to 30 s.
    aliceTypes = restarts % 2 === 0;
    server.kill(restarts % 3 === 2 ? 'SIGKILL' : 'SIGTERM');
    await once(server, 'exit');
    await pause((restarts % 5) * 4_000);
    server = await startServer();
    restarts++;
    if (!aliceTypes) await pause(Math.min(everyS * 500, 32_000));
    aliceTypes = true;
  }
})();
while (performance.now() < endsAt) {
  await pause(1_000);
  if (!aliceTypes) continue;
  typed++;
  chat.type(`send bob a${typed}\r`);
}
await restarting;
await pause(35_000);
bob.ended = true;
await bobs;
chat.type('quit\r');
const exitCode = await chat.exited;
server.kill('SIGTERM');
await once(server, 'exit');

const shown = [...chat.written.matchAll(/<- bob: n(\d+)/g)].map(([, number]) => Number(number));
// A line that was typed while there was no connection was refused; the one that was under way is in doubt.
const answered = [...chat.written.matchAll(/delivered to bob|bob is not logged in; the message/g)];
const doubts = [...chat.written.matchAll(/in doubt: "a\d+"/g)].length;
const arrived = bob.received.map((body) => Number(body.slice(1)));
const faults = [
  ...faultsOf('alice', bob.sent, shown),
  ...faultsOf('bob', new Map(), arrived),
  ...(arrived.length < answered.length ? ['bob did not get all that alice was told is sent'] : []),
  ...(exitCode === 0 ? [] : [`the chat left with ${exitCode}`]),
];
const counts = [
  `${minutes} minutes over ${transport}, ${restarts} restarts of the server`,
  `bob sent ${bob.sent.size} messages, ${[...bob.sent.values()].filter((state) => state === 'in doubt').length} of them in doubt; alice was shown ${shown.length}`,
  `alice typed ${typed} messages: ${answered.length} answered, ${doubts} in doubt, the others refused without a connection; bob got ${arrived.length}`,
];
process.stdout.write(
  `${[...counts, ...(faults.length === 0 ? ['nothing was lost, and nothing came twice'] : faults)].join('\n')}\n`,
);
process.exit(faults.length === 0 ? 0 : 1);
