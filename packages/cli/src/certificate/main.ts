// `tandem certificate`: two files, and no transport.
import { rm, writeFile } from 'node:fs/promises';
import { makeCertificate } from '@tandem/tls/certificate';
import { exitCode, refuse } from '../refuse.ts';
import { printable } from '../terminal/printable.ts';
import type { CertificateCommandOptions } from './certificate-command.ts';

/** Makes a certificate and its key; then ends the process. */
export async function certificate(options: CertificateCommandOptions): Promise<void> {
  const { names, days, tlsCert, tlsKey, force } = options;
  if (tlsCert === tlsKey) refuse('The certificate and its key need a file each.', exitCode.usage);
  const { cert, key, fingerprint, validUntil } = await makeCertificate({ names, days });
  const keyProblem = await write(tlsKey, key, 0o600, force);
  if (keyProblem !== undefined) refuse(keyProblem);
  // Every client gets it, and the user of the server has to be able to read it.
  const certProblem = await write(tlsCert, cert, 0o644, force);
  if (certProblem !== undefined) {
    if (!force) await rm(tlsKey, { force: true });
    refuse(certProblem);
  }
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

/** Writes a file with these modes. Returns why it cannot, in a sentence. */
async function write(
  file: string,
  text: string,
  mode: number,
  force: boolean,
): Promise<string | undefined> {
  try {
    // A file that is there would keep its modes.
    if (force) await rm(file, { force: true });
    await writeFile(file, text, { flag: 'wx', mode });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST'
      ? `${printable(file)} exists already; choose another name, or add --force to replace it.`
      : `${printable(file)} cannot be written: ${message}.`;
  }
}

function quoted(file: string): string {
  const plain = printable(file);
  return /^[-\w./]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}
