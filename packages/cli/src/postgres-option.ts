import { TextOption } from '@tandem/command';
import type { Command, Option } from 'commander';
import { withVariable } from './option.ts';

const takes = 'a URL, as in postgres://tandem@db.example.org/tandem';

/** The option that says which PostgreSQL keeps accounts and messages; see {@link checkPostgresUrl}. */
export function postgresOption(description: string): Option {
  return withVariable(new TextOption('--postgres-url <url>', description, takes)).default(
    undefined,
    'none',
  );
}

/** The parameters that a URL may have. All others are refused, as they would mean something else here. */
const parameters = ['host', 'port', 'user', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const sslModes = ['disable', 'verify-full', 'no-verify'];

/**
 * Ends a command whose URL is not taken, and says why without what it has: a parser of options would show the
 * value, which may have a password.
 *
 * @param url undefined when the option was not given, which is no error
 */
export function checkPostgresUrl(command: Command, url: string | undefined): void {
  const refusal = url === undefined ? undefined : refusalOf(url);
  if (refusal !== undefined) command.error(`error: --postgres-url is not valid. ${refusal}`);
}

/** Says why a URL is not taken; undefined for one that is. */
function refusalOf(text: string): string | undefined {
  // A user without a host is a way to name a Unix socket, which URLs do not have.
  const url = URL.parse(text.replace('@/', '@localhost/'));
  if (url === null || url.hostname.includes(',') || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    return `It takes ${takes}, with one host.`;
  }
  // Other users of the machine see the line of a process, and --print-config would show it.
  if (url.password !== '' || url.searchParams.has('password')) {
    return 'It takes no password: put that into the file ~/.pgpass, or into PGPASSWORD.';
  }
  if ([...url.searchParams.keys()].some((name) => !parameters.includes(name))) {
    return `Its parameters are ${parameters.join(', ')}, and no others.`;
  }
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !sslModes.includes(mode)) {
    return `Its sslmode is one of ${sslModes.join(', ')}.`;
  }
  return undefined;
}
