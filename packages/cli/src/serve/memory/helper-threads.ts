import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

// Enough for the event loop to have three quarters of a core that both want. With much more, a thread that the
// event loop waits for would itself wait for other programs.
const nicer = 5;

// The name that Node.js gives to the threads of V8.
const name = 'V8Worker';

/**
 * Has the threads that collect garbage and compile give way to the event loop. V8 marks what lives for tens of
 * milliseconds beside the event loop: where both have one core, each turn would take twice as long meanwhile.
 *
 * On Linux alone, which has a priority for each thread. Elsewhere, and where the system does not allow it, nothing
 * changes.
 */
export function lowerHelperThreads(): void {
  if (process.platform !== 'linux') return;
  for (const thread of threads()) lower(Number(thread));
}

function threads(): string[] {
  try {
    return readdirSync('/proc/self/task');
  } catch {
    // There is no /proc, or it may not be read.
    return [];
  }
}

function lower(thread: number): void {
  try {
    if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() !== name) return;
    setPriority(thread, Math.min(getPriority(thread) + nicer, constants.priority.PRIORITY_LOW));
  } catch {
    // It has ended, or may not be changed.
  }
}
