const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;
const quietMs = 1_000;

/** A number of bytes for people: `1.2 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Says how far a long copy has come, at most once a second; a short one says nothing. */
export function copyProgress(
  write: (line: string) => void,
  now = () => performance.now(),
): (copiedBytes: number, totalBytes: number) => void {
  let quietUntil = now() + quietMs;
  return (copiedBytes, totalBytes) => {
    if (now() < quietUntil) return;
    quietUntil = now() + quietMs;
    const percent = Math.floor((100 * copiedBytes) / totalBytes);
    write(`${percent} % of ${formatBytes(totalBytes)} copied\n`);
  };
}
