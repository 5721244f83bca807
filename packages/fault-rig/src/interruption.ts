/**
 * Returns a signal that the first Ctrl-C or SIGTERM aborts, with `text` on the terminal. A second one ends this
 * process and its children.
 */
export function interruption(
  text: string,
  output: NodeJS.WritableStream = process.stdout,
): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(130);
      interrupted.abort();
      output.write(`\n${text}; once more leaves at once\n`);
    });
  }
  return interrupted.signal;
}
