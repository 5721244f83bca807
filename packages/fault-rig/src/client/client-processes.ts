import { fileURLToPath } from 'node:url';
import { AskedProcess } from '../asked-process.ts';
import type { FromClient, ToClient } from './protocol.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** A process with some actors in it, for one round after the other until it is killed. */
export type ClientProcess = AskedProcess<ToClient, FromClient>;

/** Client processes that are used again, since the start of one takes long. */
export class ClientProcesses {
  readonly #idle: ClientProcess[] = [];

  /** Returns a process without orders, which has to prepare first. */
  take(): ClientProcess {
    return this.#idle.pop() ?? new AskedProcess(main);
  }

  /** Takes back a process that has finished its orders, or has ended. */
  giveBack(process: ClientProcess): void {
    if (process.isRunning) this.#idle.push(process);
  }

  /** Ends the processes without orders. Resolves when they are gone. */
  async close(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const process of idle) process.tell({ kind: 'leave' });
    await Promise.all(idle.map(({ ended }) => ended));
  }
}
