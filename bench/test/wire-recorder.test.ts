import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionDissector, Dissector } from '../src/bytes/dissect/dissector.ts';
import { dissectEcho } from '../src/bytes/dissect/sockets/echo.ts';
import { Tally } from '../src/bytes/dissect/tally.ts';
import { makeCredentials } from '../src/bytes/dissect/tls/tunnel.ts';
import { Recorder } from '../src/bytes/record/recorder.ts';
import { openPlainRoute, openTlsRoute } from '../src/bytes/record/route.ts';
import { startEchoServer } from '../src/lanes/net/net-echo.ts';

const step = { operation: 'search', call: 'warm' } as const;

/** A recorder of an echo, and a way to connect to it. */
async function record(
  dissect: (tally: () => Tally) => ConnectionDissector,
  openRoute = openPlainRoute,
) {
  const server = await startEchoServer((socket, chunk) => socket.write(chunk));
  onTestFinished(() => server.close());
  const route = await openRoute({ host: '127.0.0.1', port: server.port });
  onTestFinished(() => route.close());
  return {
    recorder: new Recorder({ lane: 'net-echo', route, dissect, signal: undefined }),
    async join(): Promise<Socket> {
      const socket = connect(route.port, route.host);
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      return socket;
    },
  };
}

const say = (socket: Socket) => async () => {
  socket.write('hello');
  await once(socket, 'data');
};

const echo = (tally: () => Tally) => dissectEcho(Tally.annotators(tally));

/** One that says of each chunk what it likes. */
function dissecting(push: Dissector['push'], pendingBytes = 0): ConnectionDissector {
  return { sent: { push, pendingBytes }, received: { push, pendingBytes } };
}

test('writes down what crossed on each connection, and that nothing did', async () => {
  const { recorder, join } = await record(echo);
  const one = await recorder.record([step], join);
  const two = await recorder.record([step, step], join);
  await recorder.record([step, undefined], say(one));
  await recorder.record([undefined, step], say(two));
  const hello = { sent: 5, received: 5 };
  const nothing = { sent: 0, received: 0 };
  expect(recorder.entries.map(({ tap }) => tap)).toEqual([nothing, nothing, nothing, hello, hello]);
});

test('refuses bytes on a connection that is to be silent', async () => {
  const { recorder, join } = await record(echo);
  const socket = await join();
  await expect(recorder.record([undefined], say(socket))).rejects.toThrow('nobody asked for');
});

test.each([
  ['no annotation', () => dissecting(() => {})],
  [
    'a gap',
    (tally: () => Tally) => {
      const { sent } = Tally.annotators(tally);
      const lost = sent.carried();
      return dissecting((chunk) => {
        sent.carry(1, lost);
        sent.add('content', chunk.length - 1, 'all but the first');
      });
    },
  ],
  [
    'more than crossed',
    (tally: () => Tally) => {
      const { sent } = Tally.annotators(tally);
      return dissecting((chunk) => sent.add('content', chunk.length + 1, 'one too many'));
    },
  ],
])('refuses bytes with %s', async (_, dissect) => {
  const { recorder, join } = await record(dissect);
  const socket = await join();
  await expect(recorder.record([step], say(socket))).rejects.toThrow('annotat');
});

test('refuses an operation that ends inside a message', async () => {
  const { recorder, join } = await record(() => dissecting(() => {}, 3));
  const socket = await join();
  await expect(recorder.record([step], say(socket))).rejects.toThrow('cut off');
});

test('refuses a TLS ledger whose layers are not what the transport wrote', async () => {
  // It takes what TLS adds for content.
  const { recorder, join } = await record(echo, async (server) =>
    openTlsRoute(server, await makeCredentials()),
  );
  await expect(recorder.record([step], join)).rejects.toThrow('TLS');
});
