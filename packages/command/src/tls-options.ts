import { type Command, InvalidArgumentError, Option } from 'commander';
import { TextOption } from './option.ts';

/** The options of a client's TLS, as the line has them. */
export interface ClientTlsArguments {
  readonly tls?: boolean | undefined;
  /** A file. */
  readonly tlsCa?: string | undefined;
  /** 64 hexadecimal digits, with colons between or without. */
  readonly tlsFingerprint?: string | undefined;
  /** A file. */
  readonly tlsCert?: string | undefined;
  /** A file. */
  readonly tlsKey?: string | undefined;
}

/**
 * Adds the options of a client's TLS to a command. They have no variables: those of a server, which
 * have the same names, mean something else.
 */
export function addClientTlsOptions(command: Command): Command {
  const file = (flags: string, description: string) => new TextOption(flags, description, 'a file');
  return command
    .optionsGroup('TLS (each of these turns it on):')
    .addOption(new Option('--tls', 'encrypt, with a server whose certificate is trusted'))
    .addOption(
      file('--tls-ca <file>', 'certificates to trust, in place of those that Node.js trusts'),
    )
    .addOption(
      new TextOption(
        '--tls-fingerprint <sha256>',
        'the certificate to trust, and no other',
        'a SHA-256: 64 hexadecimal digits, with colons between or without',
        fingerprint,
      ).conflicts('tlsCa'),
    )
    .addOption(
      file('--tls-cert <file>', 'certificate of this client, for a server that asks for one'),
    )
    .addOption(file('--tls-key <file>', 'its key'));
}

/** Tells what is wrong with the options of a client's TLS together; undefined for nothing. */
export function clientTlsProblem({ tlsCert, tlsKey }: ClientTlsArguments): string | undefined {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return undefined;
  return tlsKey === undefined
    ? '--tls-cert needs the key of the certificate: add --tls-key'
    : '--tls-key needs its certificate: add --tls-cert';
}

function fingerprint(text: string): string {
  if (/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(text)) return text;
  throw new InvalidArgumentError(
    'It takes a SHA-256: 64 hexadecimal digits, with colons between or without.',
  );
}
