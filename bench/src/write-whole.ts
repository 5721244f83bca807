import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file that is whole or as it was before, whatever happens meanwhile: the text is written under
 * another name, which is then changed. A file that is there keeps its permissions, and has to be writable; a
 * link to it stays one. A device or a directory is refused: the file would replace it.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const there = statSync(path, { throwIfNoEntry: false });
  const file = there === undefined ? path : realpathSync(path);
  if (there !== undefined) {
    if (!there.isFile()) throw new Error(`${path} is not a file`);
    accessSync(file, constants.W_OK);
  }
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    await writeFile(unfinished, text, { flush: true });
    if (there !== undefined) await chmod(unfinished, there.mode);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
