// `tandem certificate`: two files, and no transport.
import { rm, writeFile } from 'node:fs/promises';
import { makeCertificate } from '@tandem/tls/certificate';
import { refuse } from '../refuse.ts';
import { printable } from '../terminal/printable.ts';
import type { CertificateCommandOptions } from './certificate-command.ts';

/** Makes a certificate and its key; then ends the process. */
export async function certificate(options: CertificateCommandOptions): Promise<void> {
  const { names, days, tlsCert, tlsKey, force } = options;
  if (tlsCert === tlsKey) refuse('The certificate and its key need a file each.');
  const { cert, key, fingerprint, validUntil } = await makeCertificate({ names, days });
  await write(tlsKey, key, force);
  await write(tlsCert, cert, force).catch(async (error: unknown) => {
    if (!force) await rm(tlsKey, { force: true });
    throw error;
  });
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

/** Writes a file that this user alone can read; says why and ends the process when it cannot. */
async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    // A file that is there would keep its modes.
    if (force) await rm(file, { force: true });
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      refuse(
        `${printable(file)} exists already; choose another name, or say --force to replace it.`,
      );
    }
    refuse(`${printable(file)} cannot be written: ${message}.`);
  }
}

function quoted(file: string): string {
  const plain = printable(file);
  return /^[-\w./]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}
