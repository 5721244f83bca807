import { stopOnSignals } from '@tandem/command';
import type { LoadAddress, LoadOptions } from './command.ts';
import { refuseUnwritable, writeLoad } from './record/outputs.ts';
import { runLoad } from './run-load.ts';
import { loadSettings } from './settings.ts';

/** Puts load on a server, and writes what came of it. */
export async function load(address: LoadAddress, options: LoadOptions): Promise<void> {
  const settings = loadSettings(address, options);
  refuseUnwritable(options);
  const stop = stopOnSignals(() =>
    process.stderr.write(
      '\nending; the summary follows when the accounts are deleted. A second signal ends at once, and leaves them behind\n',
    ),
  );
  try {
    const report = await runLoad(settings, stop.signal, process.stderr);
    writeLoad(report, options);
    process.exitCode = stop.exitCode ?? (report.ok ? 0 : 1);
  } catch (error) {
    // Ended before there was a connection.
    if (stop.exitCode === undefined) throw error;
    process.exitCode = stop.exitCode;
  } finally {
    stop.stopListening();
  }
}
