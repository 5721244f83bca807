import { once } from 'node:events';

/** Resolves when a stream has room again, or broke. */
export async function drained(output: NodeJS.WriteStream): Promise<void> {
  if (!output.writableNeedDrain) return;
  // Whoever writes handles the error.
  await once(output, 'drain').catch(() => undefined);
}

/** Resolves when all that was written has left, or cannot any more. */
export function flushed(output: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => output.write('', () => resolve()));
}
