// Shows from which operation on a lane is warm: the CPU time of a search in each ten thousand of them, server
// and clients in this process. `warm-windows.ts LANE CONNECTIONS`. CPU time bears other work on the machine
// better than time does.
import { numberArgument, script } from '@tandem/command';
import { Argument } from 'commander';
import { laneNames, loadLane } from '../src/lanes/index.ts';

const command = script('bench:warm', 'Show when a lane is warm.')
  .addArgument(new Argument('[lane]', 'its name').choices(laneNames).default('grpc-unary'))
  .addArgument(numberArgument('[connections]', 'how many', { min: 1, max: 10_000 }).default(1))
  .parse();
const [laneName, connections] = command.processedArgs as [string, number];
const operationsOfWindow = 10_000;
const windows = 12;
const search = { kind: 'search' } as const;

const lane = await loadLane(laneName);
const server =
  (await lane.startServer?.()) ?? command.error(`error: the lane ${laneName} has no server`);
const operations = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = await lane.connect({ host: '127.0.0.1', port: server.port });
    await client.prepare(search);
    return client.operation(search);
  }),
);
for (let window = 1; window <= windows; window++) {
  const before = process.cpuUsage();
  let left = operationsOfWindow;
  await Promise.all(
    operations.map(async (operation) => {
      while (left-- > 0) await operation();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  const cpuUs = ((user + system) / operationsOfWindow).toFixed(0);
  process.stdout.write(`${window * operationsOfWindow} operations: ${cpuUs} µs\n`);
}
process.exit();
