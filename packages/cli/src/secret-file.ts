import { refuse } from './refuse.ts';
import { readSmallFile } from './small-file.ts';

const secretFileBytesMax = 4_096;

/** Reads the secret in the first line of a file; says why and ends the process when there is none. */
export function readSecret(path: string): string {
  let text: string;
  try {
    text = readSmallFile(path, secretFileBytesMax);
  } catch (error) {
    return refuse(`The secret in ${path} cannot be read: ${(error as Error).message}`);
  }
  const [secret = ''] = text.split(/\r?\n/);
  if (secret === '') return refuse(`The first line of ${path} is empty; it has to be the secret.`);
  return secret;
}
