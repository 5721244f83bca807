const megabyte = 1_000_000;

/** Bytes as a person reads them: `12 MB`. */
export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}

/** Milliseconds as seconds: `1.2 s`. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Milliseconds, the more exact the fewer: `3.1 ms`, `120 ms`. */
export function inMilliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
