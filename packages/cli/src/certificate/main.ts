// `tandem certificate`: two files, and no transport.
import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeCertificate } from '@tandem/tls/certificate';
import { exitCode, refuse } from '../refuse.ts';
import { printable } from '../terminal/printable.ts';
import type { CertificateCommandOptions } from './certificate-command.ts';

/** Makes a certificate and its key; then ends the process. */
export async function certificate(options: CertificateCommandOptions): Promise<void> {
  const { names, days, tlsCert, tlsKey, force } = options;
  if (placeOf(tlsCert) === placeOf(tlsKey)) {
    refuse('The certificate and its key need a file each.', exitCode.usage);
  }
  const { cert, key, fingerprint, validUntil } = await makeCertificate({ names, days });
  const problem = makeFiles(
    [
      { file: tlsKey, text: key, mode: 0o600 },
      // Every client gets it, and the user of the server has to be able to read it.
      { file: tlsCert, text: cert, mode: 0o644 },
    ],
    force,
  );
  if (problem !== undefined) refuse(problem);
  const files = `--tls-cert ${quoted(tlsCert)} --tls-key ${quoted(tlsKey)}`;
  process.stdout.write(
    `A certificate for ${names.join(', ')}, until ${validUntil.toISOString().slice(0, 10)}, is in ${printable(tlsCert)},\n` +
      `and its key in ${printable(tlsKey)}\n` +
      `  SHA-256    ${fingerprint}\n` +
      `  serve with npx -y pnpm@12 tandem serve ${files}\n` +
      `  chat with  npx -y pnpm@12 tandem chat --host ${names[0]} --tls-ca ${quoted(tlsCert)}\n` +
      `  or with    npx -y pnpm@12 tandem chat --host ${names[0]} --tls-fingerprint ${fingerprint}\n`,
  );
  process.exit(0);
}

/** Returns a path without the links that lead to its directory. */
function placeOf(file: string): string {
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    // There is no such directory, as its writing says.
    return file;
  }
}

interface NewFile {
  readonly file: string;
  readonly text: string;
  readonly mode: number;
}

/**
 * Makes files, all or none: each is whole under another name before the first one takes its name. Returns why
 * they cannot be made, in a sentence.
 */
function makeFiles(files: readonly NewFile[], force: boolean): string | undefined {
  const made: string[] = [];
  let file = '';
  try {
    for (const { text, mode, ...named } of files) {
      ({ file } = named);
      const problem = problemWith(file, force);
      if (problem !== undefined) return problem;
      made.push(partialOf(file));
      writeFileSync(partialOf(file), text, { flag: 'wx', mode });
    }
    for ({ file } of files) renameSync(partialOf(file), file);
    return undefined;
  } catch (error) {
    return `${printable(file)} cannot be written: ${(error as Error).message}.`;
  } finally {
    for (const partial of made) rmSync(partial, { force: true });
  }
}

function partialOf(file: string): string {
  return `${file}.${process.pid}.partial`;
}

/** Tells why a file is not to be made there: only a regular file is replaced, and only with `force`. */
function problemWith(file: string, force: boolean): string | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isFile()) {
    return `${printable(file)} is not a regular file, so nothing replaces it; choose another name.`;
  }
  return force
    ? undefined
    : `${printable(file)} exists already; choose another name, or add --force to replace it.`;
}

function quoted(file: string): string {
  const plain = printable(file);
  return /^[-\w./]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}
