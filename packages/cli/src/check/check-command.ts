import { Command } from 'commander';
import { absolutePath, dataDirectoryOption } from '../option.ts';

/** The options of `tandem check`, defaults filled in. */
export interface CheckCommandOptions {
  /** The data directory, as an absolute path. */
  readonly dataDir: string;
}

const notes = `
It reads all data and changes none. It checks that every page of the database is whole, that each
message belongs to an account, that names and messages are valid, that the index of the mailboxes has
all messages, and that the log is not shorter than before. Beside a running server it checks the data
of the moment at which it begins.

Exit code 0: the data is whole. 1: it is damaged or cannot be read; standard error says what to do.`;

/** The `check` command; `action` is what it does. */
export function checkCommand(action: (options: CheckCommandOptions) => Promise<void>): Command {
  return new Command('check')
    .summary('check the data of a server, while it runs or not')
    .description('Check all accounts and messages, while the server runs or when it does not.')
    .addOption(dataDirectoryOption('where the data is'))
    .addHelpText('after', notes)
    .action(({ dataDir }: CheckCommandOptions) => action({ dataDir: absolutePath(dataDir) }));
}
