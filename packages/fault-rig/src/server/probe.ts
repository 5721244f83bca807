// Loaded into a server before its own program. It reports the server's resources to the rig, and ends the server
// when the rig is gone.
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { monotonicMs } from '../history/event.ts';
import type { FromProbe, ToProbe } from './sample.ts';

process.on('message', (request: ToProbe) => {
  if (request === 'sample') process.send?.(sample());
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// The probe must not keep the process running.
process.channel?.unref();

// A server that is killed would leave nothing of what it has compiled, and the next one would start slowly.
subscribe('tracing:net.server.listen:asyncEnd', () => module.flushCompileCache?.());

function sample(): FromProbe {
  // A collection as if memory were short, since an ordinary one keeps the size to which the heap has grown.
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
