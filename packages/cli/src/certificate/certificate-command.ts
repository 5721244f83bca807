import { NumberOption } from '@tandem/command';
import { parseHost } from '@tandem/core';
import { Command, InvalidArgumentError } from 'commander';
import { absolutePath, fileOption } from '../option.ts';

/** The options of `tandem certificate`, defaults filled in. */
export interface CertificateCommandOptions {
  /** The names and addresses by which clients reach the server. */
  readonly names: readonly string[];
  /** The file for the certificate, as an absolute path. */
  readonly tlsCert: string;
  /** The file for its key, as an absolute path. */
  readonly tlsKey: string;
  readonly days: number;
  readonly force: boolean;
}

const thisMachine = ['localhost', '127.0.0.1', '::1'];

const notes = `
Examples:
  $ pnpm tandem certificate                          for this machine alone
  $ pnpm tandem certificate chat.example.org 192.0.2.7
  $ pnpm tandem certificate --days 30 --tls-cert new-cert.pem --tls-key new-key.pem

It is self-signed, so clients trust it only if you name it to them: by the file (--tls-ca) or by its
fingerprint (--tls-fingerprint), which the command prints. For people whom you do not know, get a
certificate of an authority that their machines trust. Only this user may read the key.`;

/** The `certificate` command; `action` is what it does. */
export function certificateCommand(
  action: (options: CertificateCommandOptions) => Promise<void>,
): Command {
  return new Command('certificate')
    .summary('make a certificate for trials of TLS')
    .description('Make a self-signed certificate, and its key, for a server with TLS.')
    .argument(
      '[names...]',
      `names and addresses of the server (default: ${thisMachine.join(', ')})`,
      named,
    )
    .addOption(
      fileOption('--tls-cert <file>', 'the certificate to make').default('tandem-cert.pem'),
    )
    .addOption(fileOption('--tls-key <file>', 'its key').default('tandem-key.pem'))
    .addOption(
      new NumberOption('--days <days>', 'how long it is valid', { min: 1, max: 3_650 }).default(
        365,
      ),
    )
    .option('--force', 'replace the files if they exist', false)
    .addHelpText('after', notes)
    .action((names: readonly string[], options: Omit<CertificateCommandOptions, 'names'>) =>
      action({
        ...options,
        names: names.length === 0 ? thisMachine : [...new Set(names)],
        tlsCert: absolutePath(options.tlsCert),
        tlsKey: absolutePath(options.tlsKey),
      }),
    );
}

/** Takes one more name of a host, `*.example.org` among them. */
function named(text: string, before: readonly string[] = []): readonly string[] {
  const parsed = parseHost(text.replace(/^\*\./, ''));
  if ('problem' in parsed) {
    throw new InvalidArgumentError(`It takes names and addresses; ${parsed.problem}.`);
  }
  const name = text.startsWith('*.') ? text : parsed.host;
  if (
    name.includes(':')
      ? name.includes('%')
      : !/^(\*\.)?[a-z\d]([-a-z\d.]{0,251}[a-z\d])?$/i.test(name)
  ) {
    throw new InvalidArgumentError(`It takes names and addresses; "${text}" is neither.`);
  }
  return [...before, name];
}
