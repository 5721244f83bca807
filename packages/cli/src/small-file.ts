import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Reads a file, a pipe, or a device that may have no end.
 *
 * @param bytesMax the most bytes that it may have
 * @throws the error of the system, or one that says that there is more
 */
export function readSmallFile(path: string, bytesMax: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(bytesMax + 1);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) return bytes.toString('utf8', 0, length);
      length += read;
    }
  } finally {
    closeSync(file);
  }
  throw new Error(`it has more than ${bytesMax} bytes`);
}
