import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ResetWatch } from './reset-watch.ts';

/** The two ends of a TCP connection. Ours has written, and does not read. */
async function ends(): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const ours = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).pause();
  const [theirs] = await taken;
  theirs.resume();
  onTestFinished(() => {
    ours.destroy();
    theirs.destroy();
    server.close();
  });
  await write(ours);
  return { ours, theirs };
}

function write(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.write('x', () => resolve());
  });
}

/** Three looks, with a write before each of them. */
async function looks(watch: ResetWatch, socket: Socket): Promise<boolean[]> {
  const looked: boolean[] = [];
  for (let i = 0; i < 3; i++) {
    await write(socket);
    looked.push(watch.look());
  }
  return looked;
}

test('gives a connection that was reset until the second look', async () => {
  const { ours, theirs } = await ends();
  const watch = new ResetWatch(ours);
  expect(await looks(watch, ours)).toEqual([false, false, false]);
  await write(ours);
  theirs.resetAndDestroy();
  await once(theirs, 'close');
  expect([watch.look(), watch.look(), watch.look()]).toEqual([false, true, true]);
});

const goingOn: readonly (readonly [what: string, act: (theirs: Socket) => unknown])[] = [
  ['is open', () => {}],
  ['its peer has half-closed', (theirs) => once(theirs.end(), 'finish')],
];

test.each(goingOn)('lets a connection go on that %s', async (_, act) => {
  const { ours, theirs } = await ends();
  await act(theirs);
  expect(await looks(new ResetWatch(ours), ours)).toEqual([false, false, false]);
});

test('has nothing to cut of a connection that is closed', async () => {
  const { ours } = await ends();
  ours.destroy();
  const watch = new ResetWatch(ours);
  expect([watch.look(), watch.look()]).toEqual([false, false]);
});
