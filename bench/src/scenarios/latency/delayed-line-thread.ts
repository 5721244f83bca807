// The thread of a delayed line: it opens a proxy, and reports its port.
import { parentPort, workerData } from 'node:worker_threads';
import { TcpProxy } from '@tandem/proxy';
import type { DelayedLineOptions } from './delayed-line.ts';

// More bytes than any scenario has under way, so that the line never holds a sender back.
const bufferedBytesMax = 256 * 1024 * 1024;

const { host, port, roundTripMs } = workerData as DelayedLineOptions;
const way = roundTripMs === 0 ? {} : { delayMs: roundTripMs / 2 };
const proxy = await TcpProxy.open({
  host,
  port,
  bufferedBytesMax,
  faults: { toServer: way, toClient: way },
});
parentPort?.postMessage(proxy.port);
