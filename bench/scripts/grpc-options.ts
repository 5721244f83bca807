// The cost of a call with each set of options of grpc-js: `pnpm --filter @tandem/bench bench:grpc-options`.
//
// A round is a fresh server process and a fresh client process. The client runs every lane again and
// again for a short time, in an order that turns with the round, so that whatever else the machine
// does falls on all of them alike; its own processor time for a call is what is compared. Printed is
// the median of the rounds' ratios to the first lane, with the smallest and the largest beside it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { NumberOption, numberArgument, script } from '@tandem/command';
import { channelOptions, connectGrpcClient } from '@tandem/grpc-client';
import { loadMessageService, loadMessageServiceClient } from '@tandem/protos';
import { Argument } from 'commander';
import { median } from '../src/statistics/index.ts';

type Operate = () => Promise<unknown>;
type Lane = (address: string) => Operate | Promise<Operate>;

const lanes: Readonly<Record<string, Lane>> = {
  'default options, stubs': stub({}),
  'the same again': stub({}),
  'enable_retries 0': stub({ 'grpc.enable_retries': 0 }),
  'enable_channelz 0': stub({ 'grpc.enable_channelz': 0 }),
  'flow_control_window 1 MiB': stub({ 'grpc-node.flow_control_window': 1024 * 1024 }),
  'keepalive as ours': stub({
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
  }),
  'our options': stub(channelOptions),
  'our options, metadata reused, no stubs': call(channelOptions, () => ({})),
  'the same, a deadline each': call(channelOptions, () => ({ deadline: Date.now() + 60_000 })),
  'our client, unary, whole': ourClient,
};
const names = Object.keys(lanes);

const counts = { min: 1, max: 10_000 };
const command = script('bench:grpc-options', 'Compare calls with sets of options of grpc-js.')
  .addOption(new NumberOption('--rounds <count>', 'fresh processes', counts).default(12))
  .addOption(new NumberOption('--blocks <count>', 'of each lane in a round', counts).default(25))
  .addOption(new NumberOption('--ms <ms>', 'of each block', counts).default(40))
  .addArgument(
    new Argument('[role]', 'of a process that this one starts').choices(['server', 'client']),
  )
  .argument('[address]', 'of the server, for a client')
  .addArgument(numberArgument('[depth]', 'calls at once, of a client', counts))
  .addArgument(numberArgument('[round]', 'which, for a client', { ...counts, min: 0 }))
  .parse();
const values = command.opts<{ rounds: number; blocks: number; ms: number }>();
const [role, address = '', depth = 1, round = 0] = command.processedArgs as [
  role?: 'server' | 'client',
  address?: string,
  depth?: number,
  round?: number,
];
if (role === 'server') serve();
else if (role === 'client') await drive(address, depth, round);
else for (const depthOf of [1, 64]) await compare(depthOf);

function stub(options: ChannelOptions): Lane {
  return (address) => {
    const Stub = loadMessageServiceClient();
    const client = new Stub(address, credentials.createInsecure(), separate(options));
    return () =>
      new Promise((resolve, reject) => {
        client.search({ query: 'alice' }, (error, response) =>
          error ? reject(error) : resolve(response),
        );
      });
  };
}

function call(options: ChannelOptions, callOptions: () => object): Lane {
  return (address) => {
    const client = new Client(address, credentials.createInsecure(), separate(options));
    const { path, requestSerialize, responseDeserialize } = loadMessageService().Search;
    const metadata = new Metadata();
    return () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          { query: 'alice' },
          metadata,
          callOptions(),
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      });
  };
}

async function ourClient(address: string): Promise<Operate> {
  const [host = '', port] = address.split(':');
  const client = await connectGrpcClient({ host, port: Number(port), mode: 'unary' });
  return () => client.search('alice');
}

/** Lanes share a process, not a connection. */
function separate(options: ChannelOptions): ChannelOptions {
  return { ...options, 'grpc.use_local_subchannel_pool': 1 };
}

/** A bare server: answers a search with its query. */
function serve(): void {
  const server = new Server();
  server.addService(loadMessageService(), {
    Search: (
      { request }: { request: { query: string } },
      callback: (error: null, response: object) => void,
    ) => callback(null, { statusCode: 16, results: [request.query] }),
  });
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`127.0.0.1:${port}\n`);
  });
}

/** Prints the processor time of a call in each lane, in microseconds. */
async function drive(address: string, depth: number, first: number): Promise<void> {
  const order = names.map((_, i) => names[(i + first) % names.length] as string);
  const operations = await Promise.all(order.map((name) => (lanes[name] as Lane)(address)));
  const spent = operations.map((): number[] => []);
  for (let block = -5; block < values.blocks; block++) {
    for (const [i, operate] of operations.entries()) {
      const before = process.cpuUsage();
      const calls = await run(operate, depth);
      const { user, system } = process.cpuUsage(before);
      // The first blocks warm up.
      if (block >= 0) spent[i]?.push((user + system) / calls);
    }
  }
  const result = order.map((name, i) => [name, median(spent[i] ?? [])]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(result))}\n`, () => process.exit(0));
}

async function run(operate: Operate, depth: number): Promise<number> {
  const until = performance.now() + values.ms;
  let calls = 0;
  const loop = async () => {
    while (performance.now() < until) {
      await operate();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: depth }, loop));
  return calls;
}

async function compare(depth: number): Promise<void> {
  const results: Record<string, number>[] = [];
  for (let round = 0; round < values.rounds; round++) {
    const server = start('server');
    const client = start('client', await line(server), String(depth), String(round));
    results.push(JSON.parse(await line(client)));
    server.kill('SIGKILL');
  }
  process.stdout.write(`\ndepth ${depth}, ${values.rounds} rounds\n`);
  for (const name of names) {
    const own = results.map((result) => result[name] ?? Number.NaN);
    const ratios = results.map((result) => (result[name] ?? 0) / (result[names[0] ?? ''] ?? 0));
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    process.stdout.write(
      `  ${name.padEnd(40)} ${median(own).toFixed(1).padStart(6)} us  ${median(ratios).toFixed(2)} (${range})\n`,
    );
  }
}

function start(...args: string[]): ChildProcess {
  const file = fileURLToPath(import.meta.url);
  const own = ['--blocks', `${values.blocks}`, '--ms', `${values.ms}`];
  return spawn(process.execPath, [file, ...args, ...own], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function line({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('a child without output');
  for await (const text of createInterface({ input: stdout })) return text;
  throw new Error('a process of the benchmark ended early; its error is above');
}
