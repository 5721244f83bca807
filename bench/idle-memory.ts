// What an idle connection costs the server, against a bare `net` connection: `pnpm bench:socket-idle`.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { framedVersion } from '@tandem/core';
import { LineProcess, median } from './processes.ts';

const connections = 2_000;
const rounds = 5;

interface Memory {
  readonly rss: number;
  readonly used: number;
}

const ratios: { rss: number[]; used: number[] } = { rss: [], used: [] };
for (let round = 0; round < rounds; round++) {
  const echo = await bytesPerConnection('net-echo');
  const framed = await bytesPerConnection('tandem-sockets');
  ratios.rss.push(framed.rss / echo.rss);
  ratios.used.push(framed.used / echo.used);
  process.stdout.write(
    `round ${round + 1}: bare net ${bytes(echo)}, framed ${bytes(framed)} a connection\n`,
  );
}
process.stdout.write(
  `median of ${rounds} ratios: resident ${median(ratios.rss).toFixed(2)}, ` +
    `heap and buffers ${median(ratios.used).toFixed(2)}\n`,
);

async function bytesPerConnection(kind: 'net-echo' | 'tandem-sockets'): Promise<Memory> {
  const server = new LineProcess(undefined, 'server.ts', kind);
  const port = Number(await server.line());
  // What the first connections make the runtime load and allocate is not what one more costs.
  const warm = await open(port, 200);
  const before = JSON.parse(await server.ask('memory')) as Memory;
  const sockets = await open(port, connections);
  const after = JSON.parse(await server.ask('memory')) as Memory;
  await server.kill();
  for (const socket of [...warm, ...sockets]) socket.destroy();
  return {
    rss: (after.rss - before.rss) / connections,
    used: (after.used - before.used) / connections,
  };
}

/** Connections whose first byte was answered, so that the server knows all that it will know. */
function open(port: number, count: number): Promise<Socket[]> {
  const greet = async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.write(Buffer.of(framedVersion));
    await once(socket, 'data');
    return socket;
  };
  return Promise.all(Array.from({ length: count }, greet));
}

function bytes({ rss, used }: Memory): string {
  return `${Math.round(rss)} bytes resident (${Math.round(used)} heap and buffers)`;
}
