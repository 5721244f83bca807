// `tandem register`, `tandem send` and `tandem search`.
import { loadConnect, secretOf } from '../chat/connect.ts';
import type { OnceOptions } from './once-command.ts';
import { runOnce } from './run-once.ts';

/** Asks a server for one thing; then ends the process. */
export async function once(options: OnceOptions): Promise<void> {
  const exitCode = await runOnce({
    connect: await loadConnect(options),
    secret: await secretOf(options),
    json: options.json,
    ask: options.ask,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}
