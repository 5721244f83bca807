/**
 * Aborted by the first Ctrl-C or SIGTERM, of which it writes `text`. A second one is the end: children go
 * with this process.
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
