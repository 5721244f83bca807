import { textArgument } from '@tandem/command';
import { Command } from 'commander';
import { absolutePath, dataDirectoryOption } from '../option.ts';

/** The options of `tandem backup` and `tandem restore`, defaults filled in. */
export interface CopyCommandOptions {
  /** The backup, as an absolute path. */
  readonly file: string;
  readonly dataDir: string;
  readonly force: boolean;
}

type CopyAction = (options: CopyCommandOptions) => Promise<void>;

const backupNotes = `
It also works beside a running server, and copies the data of the moment at which it begins. The file
appears only when the copy is complete and checked. It has every unread message, so only this user may
read it.`;

const restoreNotes = `
Stop the server first: this command refuses a directory that a server uses. It copies and checks the
backup before it replaces existing data.`;

/** The `backup` command; `action` is what it does. */
export function backupCommand(action: CopyAction): Command {
  return copyCommand('backup', action)
    .summary('copy the data of a server to a file, while it runs or not')
    .description('Copy accounts and messages to a file, while the server runs or when it does not.')
    .addArgument(textArgument('<file>', 'the backup to make', 'a file'))
    .addOption(dataDirectoryOption('where the data is'))
    .option('--force', 'replace the file if it exists', false)
    .addHelpText('after', backupNotes);
}

/** The `restore` command; `action` is what it does. */
export function restoreCommand(action: CopyAction): Command {
  return copyCommand('restore', action)
    .summary('replace the data of a stopped server by a backup')
    .description('Replace the data of a server that does not run by a backup.')
    .addArgument(textArgument('<file>', 'the backup', 'a file'))
    .addOption(dataDirectoryOption('where the data goes'))
    .option('--force', 'replace existing data', false)
    .addHelpText('after', restoreNotes);
}

function copyCommand(name: string, action: CopyAction): Command {
  return new Command(name).action((file: string, options: Omit<CopyCommandOptions, 'file'>) =>
    action({ ...options, dataDir: absolutePath(options.dataDir), file: absolutePath(file) }),
  );
}
