// A server process of the lab: `server-process.ts LANE ACCOUNTS`. It begins with so many accounts,
// prints its port, and writes its usage so far for each line on its standard input.
import { createInterface } from 'node:readline';
import { loadLane } from '../lanes/index.ts';
import type { ServerReady } from './messages.ts';
import { UsageMeter } from './usage.ts';

const lane = await loadLane(process.argv[2] ?? '');
const server = await lane.startServer?.({ accounts: Number(process.argv[3] ?? 0) });
if (server === undefined) throw new Error(`${lane.name} has no server`);
const usage = new UsageMeter();
say({ port: server.port } satisfies ServerReady);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { collectGarbage } = JSON.parse(line) as { readonly collectGarbage: boolean };
    say(usage.read(collectGarbage));
  })
  .on('close', () => process.exit(0));

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
