// A client process that asks for one search again and again, on many connections, as fast as the
// server takes it in, and throws the answers away: `searcher.ts PORT CONNECTIONS QUERY`. It prints a
// line when the first answer has come.
import { once } from 'node:events';
import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import { encodeFramedRequest, framedVersion, Operation } from '@tandem/core';

// It is the server's delay that is measured, not the scheduler's.
setPriority(constants.priority.PRIORITY_LOW);

const [port, connections, query = ''] = process.argv.slice(2);
const requests = Buffer.concat(
  Array.from({ length: 256 }, () => encodeFramedRequest(Operation.search, query)),
);

await Promise.all(Array.from({ length: Number(connections) }, () => search()));
process.stdout.write('"searching"\n');
// Whoever started this process ends it, by whatever end.
process.stdin.resume().on('end', () => process.exit(0));

async function search(): Promise<void> {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  const ask = () => {
    while (socket.write(requests));
  };
  socket.on('drain', ask);
  socket.write(Buffer.of(framedVersion));
  await once(socket, 'data');
  socket.resume();
  ask();
}
