// A server process of the lab: `server-process.ts LANE ACCOUNTS NODES`. It begins with so many accounts,
// starts further nodes if there are to be some, prints its port and theirs, and writes its usage so far
// for each line on its standard input.
import { createInterface } from 'node:readline';
import { loadLane } from '../../lanes/index.ts';
import type { ServerReady } from './messages.ts';
import { ProgramMeter } from './program-meter.ts';
import { UsageMeter } from './usage.ts';

const lane = await loadLane(process.argv[2] ?? '');
const [accounts, nodes] = [Number(process.argv[3] ?? 0), Number(process.argv[4] ?? 1)];
const server = await lane.startServer?.({ accounts, nodes });
if (server === undefined) throw new Error(`${lane.name} has no server`);
const { port, pid, otherPorts } = server;
const usage = pid === undefined ? new UsageMeter() : new ProgramMeter(pid);
say({ port, otherPorts } satisfies ServerReady);
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { collectGarbage } = JSON.parse(line) as { readonly collectGarbage: boolean };
    const beside = await server.beside?.();
    say({ ...usage.read(collectGarbage), beside });
  })
  .on('close', () => process.exit(0));

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
