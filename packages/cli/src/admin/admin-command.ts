import { TextOption } from '@tandem/command';
import { Argument, Command } from 'commander';
import { absolutePath, dataDirectoryOption, fileOption, portOption } from '../option.ts';

/** The request of `tandem admin` to a server. */
export interface AdminRequest {
  /** The command of the operator. */
  readonly command: string;
  /** Its arguments, by name; secrets are not among them. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The secret that goes with it: a new one, one from a file, or none. */
  readonly secret: 'generated' | { readonly file: string } | undefined;
  readonly server: AdminServer;
  /** True for JSON on standard output. */
  readonly json: boolean;
}

/** A server by the socket in its data directory, or by its port on this machine. Paths are absolute. */
export type AdminServer =
  | { readonly dataDir: string }
  | { readonly adminPort: number; readonly adminTokenFile: string | undefined };

/** The options that {@link addWayIn} adds. */
export interface WayInOptions {
  readonly adminPort?: number;
  readonly adminTokenFile?: string;
  readonly json?: boolean;
}

interface AdminOptions extends WayInOptions {
  readonly dataDir: string;
}

const examples = `
Examples:
  $ pnpm tandem admin stats                     the current figures
  $ pnpm tandem admin users 'a*'                users whose names begin with a
  $ pnpm tandem admin create alice              an account; its secret is printed, once
  $ pnpm tandem admin kick alice                end her session; she can log in again
  $ pnpm tandem admin ban 192.0.2.7             an address; unban lets it in again
  $ pnpm tandem admin log-level debug           until the server ends

It connects to the server of --data-dir, by a socket in there, which only the server's user and
root can open; or with --admin-port and the token in --admin-token-file to one on this machine. Each
command is in audit.log of the data directory, and in the log of the server.

Exit code 0: the command succeeded. 1: it failed; standard error says why.`;

/** The `admin` command; `action` is what it does. */
export function adminCommand(action: (request: AdminRequest) => Promise<void>): Command {
  const admin = new Command('admin')
    .summary('see and change what a running server does')
    .description('See users and sessions of a running server, and act on them.')
    .addOption(dataDirectoryOption('the data directory of the server'));
  addWayIn(admin).addHelpText('after', examples);
  const ask = (
    command: string,
    args: Readonly<Record<string, string | undefined>>,
    secret?: AdminRequest['secret'],
  ) => {
    const given = Object.entries(args).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return action({
      command,
      arguments: Object.fromEntries(given),
      secret,
      server: serverMeant(admin),
      json: admin.opts<AdminOptions>().json === true,
    });
  };
  admin
    .command('users')
    .summary('users whose names match')
    .addArgument(new Argument('[query]', 'a name, with * for any letters').default('*'))
    .action((query: string) => ask('users', { query }));
  admin
    .command('sessions')
    .summary('who is logged in')
    .action(() => ask('sessions', {}));
  admin
    .command('stats')
    .summary('the current figures')
    .action(() => ask('stats', {}));
  admin
    .command('bans')
    .summary('who is banned')
    .action(() => ask('bans', {}));
  const ofUser = (name: string, summary: string) =>
    admin
      .command(name)
      .summary(summary)
      .argument('<name>', 'the user')
      .action((user: string) => ask(name, { name: user }));
  ofUser('kick', 'end a session, with its connection or stream');
  ofUser('delete', 'delete an account with its mailbox');
  addSecretCommands(admin, ask);
  admin
    .command('ban')
    .summary('refuse connections of an address, or logins of a user')
    .argument('<target>', 'an IPv4 or IPv6 address, or a user')
    .action((target: string) => ask('ban', { target }));
  admin
    .command('unban')
    .summary('end a ban')
    .argument('<target>', 'as with ban')
    .action((target: string) => ask('unban', { target }));
  admin
    .command('log-level')
    .summary('show or set the level of the log, until the server ends')
    .argument('[level]', 'trace, debug, info, warn, error, fatal or silent')
    .action((level?: string) => ask('log-level', { level }));
  return admin;
}

function serverMeant(admin: Command): AdminServer {
  const { dataDir, adminTokenFile } = admin.opts<AdminOptions>();
  const adminPort = portMeant(admin);
  if (adminPort === undefined) return { dataDir: absolutePath(dataDir) };
  return { adminPort, adminTokenFile: adminTokenFile && absolutePath(adminTokenFile) };
}

/**
 * Returns the port of the server that is meant; undefined where the socket is. Variables may be there for
 * another command; what the line asks for is done, or refused.
 */
function portMeant(admin: Command): number | undefined {
  const { adminPort, adminTokenFile } = admin.opts<AdminOptions>();
  const onLine = (name: keyof AdminOptions) => admin.getOptionValueSource(name) === 'cli';
  if (onLine('dataDir')) {
    const other = (['adminPort', 'adminTokenFile'] as const).find(onLine);
    if (other === undefined) return undefined;
    const flag = other === 'adminPort' ? '--admin-port' : '--admin-token-file';
    return admin.error(
      `error: --data-dir names the server by its socket, and ${flag} by its port: leave one out`,
    );
  }
  if (onLine('adminTokenFile') && adminPort === undefined) {
    return admin.error(
      'error: --admin-token-file is for a port: add --admin-port, or leave it out',
    );
  }
  // That of the server itself, as in its container: without a token it takes no commands.
  return adminTokenFile === undefined && !onLine('adminPort') ? undefined : adminPort;
}

/** Adds the options that say which server is asked, and how its response is printed. */
export function addWayIn(command: Command): Command {
  return command
    .addOption(portOption('--admin-port <port>', 'port of the server, on this machine', 1))
    .addOption(fileOption('--admin-token-file <file>', 'file with the token of that port'))
    .option('--json', 'print the result as JSON');
}

type Ask = (
  command: string,
  args: Readonly<Record<string, string | undefined>>,
  secret?: AdminRequest['secret'],
) => Promise<void>;

/** The commands that give an account a secret. A secret is never on the line, where others can read it. */
function addSecretCommands(admin: Command, ask: Ask): void {
  const commands = {
    create: 'make an account, whatever --accounts says',
    'reset-secret': 'give an account another secret, and end its session',
  } as const;
  for (const [name, summary] of Object.entries(commands)) {
    const command: Command = admin
      .command(name)
      .summary(summary)
      .argument('<name>', 'the user')
      .addOption(
        new TextOption('--secret-file <file>', 'file whose first line is the secret', 'a file'),
      )
      .option('--no-secret', 'set no secret: anybody can log in to the account')
      .action(
        (user: string, options: { readonly secretFile?: string; readonly secret: boolean }) => {
          const { secretFile, secret } = options;
          if (secretFile !== undefined && !secret) {
            command.error('error: --secret-file and --no-secret exclude each other');
          }
          if (secretFile !== undefined)
            return ask(name, { name: user }, { file: absolutePath(secretFile) });
          return ask(name, { name: user }, secret ? 'generated' : undefined);
        },
      );
  }
}
