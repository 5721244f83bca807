import type { CheckProgress } from '@tandem/chat';

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;
const quietMs = 1_000;

/** A number of bytes for people: `1.2 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A listener for progress that passes on one word a second, none in the first: what is short is silent. */
export function everySecond<Progress extends unknown[]>(
  tell: (...progress: Progress) => void,
  now = () => performance.now(),
): (...progress: Progress) => void {
  let quietUntil = now() + quietMs;
  return (...progress) => {
    if (now() < quietUntil) return;
    quietUntil = now() + quietMs;
    tell(...progress);
  };
}

/** Describes the progress of a check for people. */
export function checkProgress({ rowsShare }: CheckProgress): string {
  if (rowsShare === undefined) return 'checking pages';
  return `${Math.floor(100 * rowsShare)} % of the messages checked`;
}

/** Describes the progress of a copy for people. */
export function copyProgress(copiedBytes: number, totalBytes: number): string {
  const percent = Math.floor((100 * copiedBytes) / totalBytes);
  return `${percent} % of ${formatBytes(totalBytes)} copied`;
}
