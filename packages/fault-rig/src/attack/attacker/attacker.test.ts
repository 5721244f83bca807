import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Attacker } from './attacker.ts';
import type { AttackerOrder } from './protocol.ts';

function orderFor(port: number): AttackerOrder {
  return {
    attack: 'several',
    host: '127.0.0.1',
    ports: { socket: port, grpc: port },
    part: 0,
    parts: 1,
    victims: [],
    forMs: 1_000,
  };
}

test('a part of an attack has its own addresses, and counts and stops with the whole', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const order = orderFor(port);
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

test('a connection counts as held from the first byte of the server until its end', async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const attacker = new Attacker(orderFor(port), {});
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const connection = await attacker.connect('socket');
  const [socket] = await accepted;
  if (connection === undefined) throw new Error('it did not connect');
  attacker.hold(connection);
  expect(attacker.counts).toEqual({ connections: 1 });

  const read = Promise.withResolvers<void>();
  connection.read(() => read.resolve());
  socket.write('1');
  await read.promise;
  expect(attacker.counts).toEqual({ connections: 1, 'held at the end': 1 });

  socket.resetAndDestroy();
  await connection.closed;
  expect(attacker.counts).toEqual({ connections: 1 });
});
