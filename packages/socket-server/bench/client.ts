// One client process of the benchmark: drives one lane at one depth, and prints what it measured.
import { connect } from 'node:net';
import { type ChatClient, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';

const [lane = '', portText = '', depthText = '', measureMsText = ''] = process.argv.slice(2);
const port = Number(portText);
const depth = Number(depthText);
const measureMs = Number(measureMsText);
const warmUpMs = measureMs / 2;

// As many bytes as a search for `alice` takes, both ways: 3 of header, 5 of content.
const echoBytes = Buffer.from('12345678');

/** Called when an operation is over: returns whether to begin another. */
type OnDone = (startedAt: number) => boolean;

const latencies = new Float64Array(4_000_000);
let count = 0;
let measuring = false;
let over = false;
const begin = performance.now();
let measureBegin = 0;

function done(startedAt: number): boolean {
  const now = performance.now();
  if (measuring) {
    if (depth === 1) latencies[count % latencies.length] = now - startedAt;
    count++;
    if (now - measureBegin >= measureMs) {
      measuring = false;
      over = true;
      report(now);
    }
  } else if (!over && now - begin >= warmUpMs) {
    measuring = true;
    measureBegin = now;
  }
  return !over;
}

function report(now: number): void {
  const perSecond = (count / (now - measureBegin)) * 1000;
  const sorted = latencies.subarray(0, Math.min(count, latencies.length)).sort();
  const medianUs = depth === 1 ? (sorted[sorted.length >> 1] as number) * 1000 : undefined;
  process.stdout.write(`${JSON.stringify({ perSecond, medianUs })}\n`, () => process.exit(0));
}

if (lane === 'echo') driveEcho(false, done);
else if (lane === 'echo-batched') driveEcho(true, done);
else await driveChat(done);

/** The least that a client can do: one write a message, and a count of the bytes that come back. */
function driveEcho(batched: boolean, onDone: OnDone): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const started: number[] = [];
  let head = 0;
  let received = 0;
  const start = () => {
    started.push(performance.now());
    socket.write(echoBytes);
  };
  socket.on('connect', () => {
    for (let i = 0; i < depth; i++) start();
  });
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (batched) socket.cork();
    for (; received >= echoBytes.length; received -= echoBytes.length) {
      if (onDone(started[head++] as number)) start();
    }
    if (batched) socket.uncork();
    if (head > 10_000) {
      started.splice(0, head);
      head = 0;
    }
  });
}

async function driveChat(onDone: OnDone): Promise<void> {
  const alice = await connectSocketClient({ host: '127.0.0.1', port });
  await alice.register('alice');
  await alice.login('alice');
  const operation = lane === 'send' ? await sendToBob(alice) : () => alice.search('alice');
  for (let i = 0; i < depth; i++) void loop(operation, onDone);
}

async function sendToBob(alice: ChatClient): Promise<() => Promise<{ status: Status }>> {
  const bob = await connectSocketClient({ host: '127.0.0.1', port });
  await bob.register('bob');
  await bob.login('bob');
  void (async () => {
    for await (const message of bob.messages) if (message.sender !== 'alice') process.exit(1);
  })();
  return () => alice.send('bob', 'hello');
}

async function loop(operation: () => Promise<{ status: Status }>, onDone: OnDone): Promise<void> {
  for (;;) {
    const startedAt = performance.now();
    const { status } = await operation();
    if (status !== Status.found && status !== Status.delivered) throw new Error(`got ${status}`);
    if (!onDone(startedAt)) return;
  }
}
