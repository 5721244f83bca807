import { constants } from 'node:os';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** The end of a command that a signal asks for. */
interface Stop {
  /** Aborted by the first SIGINT or SIGTERM, whose name is the reason. */
  readonly signal: AbortSignal;
  /** The exit code that a shell expects after the signal, 128 and its number; undefined before it. */
  readonly exitCode: number | undefined;
  /** Leaves the signals to others again. */
  stopListening(): void;
}

/**
 * Handles Ctrl-C and SIGTERM from now on. The first one asks the command to stop, the second one ends
 * the process at once.
 *
 * @param onFirst called for the first one, before the signal is aborted
 */
export function stopOnSignals(onFirst: () => void = () => {}): Stop {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    const code = 128 + constants.signals[signal];
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    onFirst();
    controller.abort(signal);
  };
  for (const signal of stopSignals) process.on(signal, stop);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stopListening() {
      for (const signal of stopSignals) process.off(signal, stop);
    },
  };
}
