// Loaded into a server before its own program: tells the rig what the server holds, and ends the server
// when the rig is gone.
import { readdirSync } from 'node:fs';
import { monotonicMs } from '../history/event.ts';
import type { FromProbe, ToProbe } from './sample.ts';

process.on('message', (request: ToProbe) => {
  if (request === 'sample') process.send?.(sample());
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// What the program itself does must not be held up by being watched.
process.channel?.unref();

function sample(): FromProbe {
  // As if memory were short: an ordinary collection keeps the room to which the heap has grown.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed } = process.memoryUsage();
  return {
    atMs: monotonicMs(),
    rssBytes: rss,
    heapBytes: heapUsed,
    descriptors: countDescriptors(),
    handles: process.getActiveResourcesInfo().length,
  };
}

function countDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
