import { Command, InvalidArgumentError } from 'commander';
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
It works beside a running server, and copies what there is at the moment it begins. The file is there
once the copy is whole and checked, and not before. Whoever can read it can read every message that
waits in it; it is readable for this user alone.`;

const restoreNotes = `
Stop the server first: it refuses while one holds the directory. The backup is copied and checked before
it takes the place of what is there.`;

/** The `backup` command; `action` is what it does. */
export function backupCommand(action: CopyAction): Command {
  return copyCommand('backup', action)
    .summary('copy the data of a server, running or not, to a file')
    .description('Copy accounts and messages to a file, while the server runs or when it does not.')
    .argument('<file>', 'the backup to make', named)
    .addOption(dataDirectoryOption('where the data is'))
    .option('--force', 'replace the file if it is there', false)
    .addHelpText('after', backupNotes);
}

/** The `restore` command; `action` is what it does. */
export function restoreCommand(action: CopyAction): Command {
  return copyCommand('restore', action)
    .summary('make a backup the data of a server')
    .description('Make a backup the data of a server that does not run.')
    .argument('<file>', 'the backup', named)
    .addOption(dataDirectoryOption('where the data is to be'))
    .option('--force', 'replace the data that is there', false)
    .addHelpText('after', restoreNotes);
}

/** Refuses no name: it would be the working directory. */
function named(file: string): string {
  if (file.trim() === '') throw new InvalidArgumentError('It takes a file; this is empty.');
  return file;
}

function copyCommand(name: string, action: CopyAction): Command {
  return new Command(name).action((file: string, options: Omit<CopyCommandOptions, 'file'>) =>
    action({ ...options, dataDir: absolutePath(options.dataDir), file: absolutePath(file) }),
  );
}
