// A further node of a lane on PostgreSQL: `node-process.ts URL`. It prints its port, and writes its CPU
// time and its commits so far for each line on its standard input.
import { cpuUsage } from 'node:process';
import { createInterface } from 'node:readline';
import { startNode } from './node.ts';

/** The use of a node so far: the CPU time of its process, and its commits. */
export interface NodeUsage {
  readonly cpuUs: number;
  readonly commits: number;
}

const node = await startNode(process.argv[2] ?? '');
say({ port: node.port });
createInterface({ input: process.stdin })
  .on('line', () => {
    const { user, system } = cpuUsage();
    say({ cpuUs: user + system, commits: node.commits } satisfies NodeUsage);
  })
  .on('close', () => process.exit(0));

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
