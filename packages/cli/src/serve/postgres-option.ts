import { TextOption } from '@tandem/command';
import { InvalidArgumentError, type Option } from 'commander';
import { withVariable } from '../option.ts';

/** The option that says which PostgreSQL keeps accounts and messages. */
export function postgresOption(): Option {
  const takes = 'a URL, as in postgres://tandem@db.example.org/tandem';
  const parse = (text: string) => {
    // A user without a host is a way to name a Unix socket, which URLs do not have.
    const url = URL.parse(text.replace('@/', '@localhost/'));
    if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
      throw new InvalidArgumentError(`It takes ${takes}.`);
    }
    // Other users of the machine see the line of a process, and --print-config would show it.
    if (url.password !== '' || url.searchParams.has('password')) {
      throw new InvalidArgumentError(
        'It takes no password: put that into the file ~/.pgpass, or into PGPASSWORD.',
      );
    }
    return text;
  };
  return withVariable(
    new TextOption('--postgres-url <url>', 'where postgres keeps them', takes, parse),
  ).default(undefined, 'none');
}
