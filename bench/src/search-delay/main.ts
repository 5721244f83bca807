// How long searches over a million users hold up somebody else's request.
//
// `pnpm bench:search-delay` prints, for each kind of search, the largest
// delay of another client's request that a run saw: the median of the runs, and the worst. Exits
// with 1 when a median is beyond 50 ms, which is what the service promises.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { LineProcess } from '../rig/line-process.ts';
import { median } from '../statistics/index.ts';

const promisedMs = 50;
const searcherScript = new URL('searcher.ts', import.meta.url);
const hostile = `${'a*'.repeat(24)}b`;
const scanning = `${'a*'.repeat(23)}b*`;
const narrow = `b${'*a'.repeat(23)}*b*`;

/** What is asked for while the other client measures. */
const scenarios: readonly (readonly [name: string, connections: number, query: string])[] = [
  ['no search', 0, ''],
  ['one client, 24 `a*` and a `b`', 1, hostile],
  ['one client, 23 `a*` and `b*`', 1, scanning],
  ['one client, everybody (cut at 10,000)', 1, ''],
  ['64 clients, 24 `a*` and a `b`', 64, hostile],
  ['64 clients, 23 `a*` and `b*`', 64, scanning],
  ['64 clients, everybody (cut at 10,000)', 64, ''],
  ['64 clients, 250 names, 25 `*`', 64, narrow],
];

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    ms: { type: 'string', default: '2000' },
    users: { type: 'string', default: '1000000' },
  },
});

const crowded = new URL('../../../packages/socket-server/test/crowded-server.ts', import.meta.url);
const server = new LineProcess({ core: undefined }, crowded, values.users);
const port = await server.hear<number>();
process.stdout.write('largest delay of another client, ms: median of the runs (worst)\n');
let kept = true;
for (const [name, connections, query] of scenarios) {
  const largest: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    largest.push(await measure(connections, query));
  }
  kept &&= median(largest) <= promisedMs;
  const figures = `${median(largest).toFixed(1).padStart(8)} (${Math.max(...largest).toFixed(1)})`;
  process.stdout.write(`  ${name.padEnd(40)} ${figures}\n`);
}
await server.end();
process.exit(kept ? 0 : 1);

/** The largest delay that one client saw while others searched. */
async function measure(connections: number, query: string): Promise<number> {
  const searcher =
    connections === 0
      ? undefined
      : new LineProcess(
          { core: undefined },
          searcherScript,
          String(port),
          String(connections),
          query,
        );
  await searcher?.hear<string>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write('\x81', 'latin1');
  await once(socket, 'data');
  let largest = 0;
  const end = performance.now() + Number(values.ms);
  for (let at = performance.now(); at < end; ) {
    await ping(socket);
    const now = performance.now();
    largest = Math.max(largest, now - at);
    at = now;
  }
  socket.destroy();
  await searcher?.end();
  return largest;
}

/** A register of a name that is not valid: answered 122 at once, whatever else there is. */
async function ping(socket: Socket): Promise<void> {
  socket.write('\x01\x00\x01!', 'latin1');
  await once(socket, 'data');
}
