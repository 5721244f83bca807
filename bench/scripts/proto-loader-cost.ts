// What proto-loader's way of writing and reading costs a message, beside protobufjs alone:
// `pnpm --filter @tandem/bench bench:proto-loader`.
//
// proto-loader makes a message of protobufjs of what it is given and writes that; it reads a message
// and makes of it what it gives, as its options say. Each way is timed in short blocks that take
// turns, in one process. Printed are the median nanoseconds of the blocks, the smallest and largest.
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { loadMessageService } from '@tandem/protos';
import protobuf from 'protobufjs';
import { ascending, median, quantile } from '../src/statistics/index.ts';

script('bench:proto-loader', 'Measure what proto-loader costs a message.').parse();
const contract = fileURLToPath(new URL('../../protos/messageservice.proto', import.meta.url));
const blocks = 41;
const warmUpBlocks = 10;
const perBlock = 20_000;

const clientFrame = protobuf.loadSync(contract).lookupType('ClientFrame');
const serverFrame = protobuf.loadSync(contract).lookupType('ServerFrame');
const { requestSerialize, responseDeserialize } = loadMessageService().Converse;

const request = { send: { sender: 'alice', recipient: 'bob', body: 'x'.repeat(32) } };
const response = serverFrame.encode(serverFrame.fromObject({ statusCode: 24 })).finish();
const push = serverFrame
  .encode(
    serverFrame.fromObject({ statusCode: 32, messages: [{ sender: 'bob', body: 'x'.repeat(32) }] }),
  )
  .finish();

type Way = () => unknown;

const ways: Readonly<Record<string, Way>> = {
  'write a send: proto-loader': () => requestSerialize(request),
  'write a send: encode alone': () => clientFrame.encode(request).finish(),
  'write a send: fromObject alone': () => clientFrame.fromObject(request),
  ...reading('a response', response),
  ...reading('a push', push),
};

/** Reading with the options that cost something here: there are no enums, and no 64-bit numbers in a frame of a server. */
function reading(what: string, bytes: Uint8Array): Record<string, Way> {
  const message = serverFrame.decode(bytes);
  const buffer = Buffer.from(bytes);
  return {
    [`read ${what}: proto-loader`]: () => responseDeserialize(buffer),
    [`read ${what}: decode alone`]: () => serverFrame.decode(bytes),
    [`read ${what}: toObject, no options`]: () => serverFrame.toObject(message),
    [`read ${what}: toObject, defaults`]: () => serverFrame.toObject(message, { defaults: true }),
    [`read ${what}: toObject, defaults, oneofs, longs`]: () =>
      serverFrame.toObject(message, { defaults: true, oneofs: true, longs: Number }),
  };
}

const spent = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
for (let block = -warmUpBlocks; block < blocks; block++) {
  for (const [name, way] of Object.entries(ways)) {
    const startedAt = performance.now();
    for (let i = 0; i < perBlock; i++) way();
    const ns = ((performance.now() - startedAt) * 1e6) / perBlock;
    if (block >= 0) spent.get(name)?.push(ns);
  }
}
for (const [name, times] of spent) {
  const sorted = ascending(times);
  const range = [quantile(sorted, 0), quantile(sorted, 1)].map((ns) => ns.toFixed(0)).join(' to ');
  process.stdout.write(
    `${name.padEnd(54)} ${median(times).toFixed(0).padStart(5)} ns (${range})\n`,
  );
}
