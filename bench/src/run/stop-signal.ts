/** Ends a run early. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** The exit code that the shell expects after the signal; undefined when there was none. */
  readonly exitCode: number | undefined;
  stopListening(): void;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Handles Ctrl-C and SIGTERM: the first ends the run with a report so far, the second ends it at once. */
export function stopOnSignals(onFirst: () => void): StopSignal {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    const code = exitCodes[signal as keyof typeof exitCodes];
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    onFirst();
    controller.abort();
  };
  for (const name of Object.keys(exitCodes)) process.on(name, stop);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stopListening: () => {
      for (const name of Object.keys(exitCodes)) process.off(name, stop);
    },
  };
}
