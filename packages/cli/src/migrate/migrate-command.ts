import { Argument, Command } from 'commander';
import { absolutePath, dataDirectoryOption } from '../option.ts';
import { checkPostgresUrl, postgresOption } from '../postgres-option.ts';

/** The options of `tandem migrate`, defaults filled in. */
export interface MigrateCommandOptions {
  /** The data directory, as an absolute path. */
  readonly dataDir: string;
  /** The database; it has no password. */
  readonly postgresUrl: string;
}

const notes = `
Stop the server first, and make an empty database that no node uses yet. The command moves accounts,
secrets, unread messages, sessions that clients can resume, blocks and bans. It checks all data before,
and counts it after. It is one transaction: if it fails, or Ctrl-C ends it, the database is as it was.
The data directory stays as it is; do not serve it again once nodes have served the database.

Exit code 0: all data is moved. 1: none is, or standard error says what happened and what to do.`;

/** The `migrate` command; `action` is what it does. */
export function migrateCommand(action: (options: MigrateCommandOptions) => Promise<void>): Command {
  const command = new Command('migrate')
    .summary('move the data of a stopped server into PostgreSQL')
    .description(
      'Move the data of a server that does not run into an empty database of PostgreSQL.',
    )
    .addArgument(new Argument('<move>', 'from where to where').choices(['sqlite-to-postgres']))
    .addOption(dataDirectoryOption('where the data is'))
    .addOption(postgresOption('the empty database'))
    .addHelpText('after', notes);
  return command.action((_, { dataDir, postgresUrl }: ParsedOptions) => {
    checkPostgresUrl(command, postgresUrl);
    if (postgresUrl === undefined) {
      return command.error(
        'error: migrate needs a database: add --postgres-url postgres://USER@HOST/DATABASE',
      );
    }
    return action({ dataDir: absolutePath(dataDir), postgresUrl });
  });
}

interface ParsedOptions {
  readonly dataDir: string;
  readonly postgresUrl: string | undefined;
}
