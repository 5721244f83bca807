// The client process of store-throughput.ts: `node sender.ts PORT CONNECTIONS WARM_UP_MS RUN_MS`
// prints how many sends were answered in each second of the run, with one in flight on each connection.
//
// The users stand in a ring, each sends to the next, and all are logged in: so each message is stored,
// pushed, acknowledged and removed.
import { connectSocketClient } from '@tandem/socket-client';

const [port = 0, connections = 0, warmUpMs = 0, runMs = 0] = process.argv.slice(2).map(Number);
const body = 'a message of an ordinary length, sixty-four characters of it all';

const clients = await Promise.all(
  Array.from({ length: connections }, async (_, i) => {
    const client = await connectSocketClient({ host: '127.0.0.1', port });
    await client.register(name(i));
    await client.login(name(i));
    void takeAll(client.messages);
    return client;
  }),
);
let answered = 0;
let going = true;
const senders = clients.map(async (client, i) => {
  while (going) {
    const { status } = await client.send(name((i + 1) % connections), body);
    if (status !== 24) throw new Error(`a send was answered ${status}`);
    answered++;
  }
});
await sleep(warmUpMs);
const before = answered;
const begin = performance.now();
await sleep(runMs);
const perSecond = ((answered - before) * 1000) / (performance.now() - begin);
going = false;
await Promise.all(senders);
process.stdout.write(`${perSecond}\n`);
process.exit(0);

function name(index: number): string {
  return `user${index}`;
}

async function takeAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
