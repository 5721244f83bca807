import { Command } from 'commander';
import { absolutePath, dataDirectoryOption } from '../option.ts';

/** The options of `tandem check`, defaults filled in. */
export interface CheckCommandOptions {
  /** The data directory, as an absolute path. */
  readonly dataDir: string;
}

const notes = `
It reads everything and changes nothing: every page of the database, that each message belongs to an
account, that names and messages are such as clients can send, that the index of the mailboxes has all
messages, and that the log is as long as it was. Beside a running server it checks what there is at
the moment it begins.

Exit code 0: all is whole. 1: it is not, or cannot be read; standard error says what and what to do.`;

/** The `check` command; `action` is what it does. */
export function checkCommand(action: (options: CheckCommandOptions) => Promise<void>): Command {
  return new Command('check')
    .summary('check the data of a server, running or not')
    .description('Check all accounts and messages, while the server runs or when it does not.')
    .addOption(dataDirectoryOption('where the data is'))
    .addHelpText('after', notes)
    .action(({ dataDir }: CheckCommandOptions) => action({ dataDir: absolutePath(dataDir) }));
}
