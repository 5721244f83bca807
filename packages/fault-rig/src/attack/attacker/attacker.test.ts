import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Attacker } from './attacker.ts';

test('a part of an attack has its own addresses, and counts and stops with the whole', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const order = {
    attack: 'several',
    host: '127.0.0.1',
    ports: { socket: port, grpc: port },
    part: 0,
    parts: 1,
    victims: [],
    forMs: 1_000,
  };
  const whole = new Attacker(order, {});
  const parts = [1, 2].map((addresses) => new Attacker(order, { addresses }, whole));
  const seen: (string | undefined)[] = [];
  for (const part of parts) {
    for (let i = 0; i < 3; i++) {
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const connection = await part.connect('socket');
      const [socket] = await accepted;
      onTestFinished(() => {
        connection?.reset();
        socket.destroy();
        server.close();
      });
      seen.push(socket.remoteAddress);
    }
  }
  expect(seen.slice(0, 3)).toEqual(Array(3).fill('127.0.0.1'));
  expect(seen.slice(3)).toEqual(['127.1.0.1', '127.1.0.2', '127.1.0.1']);
  expect(whole.counts).toEqual({ connections: 6 });
  whole.stop();
  expect(parts.every(({ isOver }) => isOver)).toBe(true);
});
