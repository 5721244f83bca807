import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { key, serveArguments, startChat, type Wire } from './chat-program.ts';

/** Starts `tandem serve`, and reads from what it prints where it listens. */
async function startServe() {
  const child = spawn(process.execPath, serveArguments, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const ports: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    const port = /Serving (?:sockets|gRPC) on .*:(\d+)/.exec(line)?.[1];
    if (port !== undefined) ports.push(Number(port));
    const [socketPort, grpcPort] = ports;
    if (socketPort !== undefined && grpcPort !== undefined) {
      const portOf = (wire: Wire) => (wire === 'socket' ? socketPort : grpcPort);
      return { child, exited, portOf };
    }
  }
  throw new Error('tandem serve ended without saying where it listens');
}

it.each<[Wire, Wire]>([
  ['socket', 'socket'],
  ['socket', 'converse'],
  ['unary', 'socket'],
  ['converse', 'unary'],
])(
  'lets two people talk, one over %s and one over %s, from registering to the end of the server',
  async (hers, his) => {
    const { child, exited, portOf } = await startServe();
    try {
      const alice = await startChat(portOf(hers), { wire: hers });
      const bob = await startChat(portOf(his), { wire: his, columns: 40 });

      alice.type(`register alice${key.enter}login${key.enter}alice${key.enter}`);
      await alice.untilLastLine('alice>');
      bob.type(`register bob${key.enter}`);
      await bob.until((lines) => lines.join(' ').includes('log in with "login bob"'));

      alice.type(`send bob see you at eight${key.enter}send bob or at nine${key.enter}`);
      const stored =
        'bob is not logged in; the message is stored and will be delivered at the next login';
      await alice.until((lines) => lines.join(' ').split(stored).length === 3);
      bob.type(`login bob${key.enter}`);
      await bob.until(
        (lines) => lines.at(-1) === 'bob>' && lines.at(-2) === '<- alice: or at nine',
      );
      expect(bob.lines().slice(-4)).toEqual([
        'logged in as bob; 2 unread messages:',
        '<- alice: see you at eight',
        '<- alice: or at nine',
        'bob>',
      ]);

      bob.type(`search${key.enter}${key.enter}`);
      await bob.until((lines) => lines.at(-1) === 'bob>' && lines.includes('2 users match:'));
      expect(bob.lines().slice(-4)).toEqual(['2 users match:', '  alice', '  bob', 'bob>']);

      const half = 'send alice at nine then, and do not forget the tickets';
      bob.type(half);
      await bob.until((lines) => lines.join('').endsWith(`bob> ${half}`));
      alice.type(`send bob are you there?${key.enter}`);
      await alice.untilLine('delivered to bob');
      await bob.untilLine('<- alice: are you there?');
      await bob.until((lines) => lines.join('').endsWith(`bob> ${half}`));
      bob.type(key.enter);
      await alice.untilLine(`<- bob: ${half.slice('send alice '.length)}`);

      child.kill('SIGTERM');
      for (const chat of [alice, bob]) {
        await chat.until((lines) => lines.join(' ').includes('the connection is lost: '));
        chat.type(key.interrupt);
        expect(await chat.exited).toBe(130);
      }
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
  },
);
