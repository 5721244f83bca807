const megabyte = 1_000_000;

/** Bytes in megabytes: `12 MB`. */
export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}

/** Milliseconds as seconds: `1.2 s`. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A part of a whole: `12%`. */
export function inPercent(part: number): string {
  return `${Math.round(part * 100)}%`;
}

/** Milliseconds, with one decimal below 10: `3.1 ms`, `120 ms`. */
export function inMilliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
