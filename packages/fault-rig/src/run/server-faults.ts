import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerFault } from '../plan/plan.ts';
import type { ServerKeeper } from '../server/server-keeper.ts';
import { cutOffLog, type SmallDisk } from '../server/small-disk.ts';
import type { NoteFault } from './servers.ts';

/** The server that a fault is caused in, with its tools. */
export interface ServerUnderFault {
  readonly keeper: ServerKeeper;
  /** The data directory's own disk, if it has one. */
  readonly disk: SmallDisk | undefined;
  readonly note: NoteFault;
}

/** Causes a fault, and resolves when the server listens again. */
export async function strikeServer(
  { keeper, disk, note }: ServerUnderFault,
  fault: ServerFault,
): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      note('kill server', '');
      await keeper.kill();
      if (fault.againAfterMs !== undefined) {
        note('kill starting server', `${fault.againAfterMs} ms after its start`);
        await keeper.startAndKill(fault.againAfterMs);
      }
      await keeper.start();
      return;
    case 'terminate':
      note('terminate server', '');
      await keeper.terminate();
      await keeper.start();
      return;
    case 'freeze':
      note('freeze server', `for ${fault.forMs} ms`);
      await keeper.server?.freeze(sleep(fault.forMs));
      return;
    case 'fill-disk':
      if (disk !== undefined) await fillDisk(keeper, disk, note, fault);
      return;
    case 'break-disk':
      note('break disk', '');
      await keeper.breakDisk();
      await keeper.start();
  }
}

async function fillDisk(
  keeper: ServerKeeper,
  disk: SmallDisk,
  note: NoteFault,
  { forMs, kill }: ServerFault & { readonly kind: 'fill-disk' },
): Promise<void> {
  note('fill disk', `for ${forMs} ms`);
  // A server that finds its log empty when it looks, before it writes again, ends.
  await keeper.makeItWrite(() => cutOffLog(keeper.databasePath));
  disk.fill();
  await sleep(forMs);
  if (!kill) {
    disk.free();
    return;
  }
  note('kill server', 'while its disk is full');
  await keeper.kill();
  // On a full disk it may start, or end with a reason.
  const started = await keeper.tryToStart();
  disk.free();
  if (!started) await keeper.start();
}
