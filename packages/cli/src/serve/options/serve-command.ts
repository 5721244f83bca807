import { TextOption } from '@tandem/command';
import { defaultGrpcPort, defaultSocketPort } from '@tandem/core';
import { Command, Option } from 'commander';
import type { Level } from 'pino';
import { applyConfigFile, ConfigError } from '../../config/config-file.ts';
import { describeConfig } from '../../config/describe-config.ts';
import {
  absolutePath,
  dataDirectoryOption,
  fileOption,
  hostOption,
  option,
  portOption,
  withVariable,
} from '../../option.ts';
import { checkPostgresUrl, postgresOption } from '../../postgres-option.ts';
import { addLimitOptions } from './limit-options.ts';
import { accountsOf, knowsConnections } from './limits.ts';
import { type ServeOptions, withoutEffect } from './serve-options.ts';

const examples = `
Examples:
  $ pnpm tandem serve                            for this machine only, on ports ${defaultSocketPort} and ${defaultGrpcPort}
  $ pnpm tandem serve --transport grpc           over gRPC alone
  $ pnpm tandem serve --host 0.0.0.0             for everybody who can reach this machine
  $ pnpm tandem serve --socket-port 0            sockets on any free port, which it prints
  $ pnpm tandem serve --data-dir /srv/tandem     accounts and messages in that directory
  $ pnpm tandem serve --store memory             nothing is kept
  $ pnpm tandem serve --store postgres --postgres-url postgres://tandem@db.example.org/tandem
                                                a node of several, which share that database
  $ pnpm tandem certificate chat.example.org     a certificate for trials, and then
  $ pnpm tandem serve --host 0.0.0.0 --tls-cert tandem-cert.pem --tls-key tandem-key.pem
  $ TANDEM_LOG_LEVEL=debug pnpm tandem serve     with a line for each failure of a client

Anybody who can reach the port can log in as any user who has no secret and is not logged in.
Without TLS nothing is encrypted, not even secrets: then serve people whom you trust, on a network
that you trust. The server loads a changed certificate within seconds, and at once on SIGHUP.

On SIGINT (Ctrl-C) or SIGTERM it tells its clients, answers pending requests, and ends with exit
code 0. A second signal ends it at once.`;

/** The levels of the log, the last of which is none. */
export const logLevels: readonly (Level | 'silent')[] = [
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'fatal',
  'silent',
];

/** The `serve` command; `action` is what it does. */
export function serveCommand(action: (options: ServeOptions) => Promise<void>): Command {
  const command = new Command('serve')
    .summary('run a chat server')
    .description('Run a chat server until it is told to stop. It prints where to connect.')
    .addOption(
      option('--transport <transport>', 'transport for clients; all offers one chat over both')
        .choices(['socket', 'grpc', 'all'])
        .default('all'),
    )
    .addOption(hostOption('address to listen on'))
    .addOption(
      portOption('--socket-port <port>', 'port for sockets, 0 for any', 0).default(
        defaultSocketPort,
      ),
    )
    .addOption(
      portOption('--grpc-port <port>', 'port for gRPC, 0 for any', 0).default(defaultGrpcPort),
    )
    .addOption(
      option(
        '--store <store>',
        'sqlite keeps accounts and messages, memory loses them at the end, postgres shares them with other servers',
      )
        .choices(['sqlite', 'memory', 'postgres'])
        .default('sqlite'),
    )
    .addOption(dataDirectoryOption('where sqlite keeps them'))
    .addOption(postgresOption('where postgres keeps them'))
    .addOption(
      option(
        '--accounts <who>',
        'who may make accounts: anybody, only users with a secret, or nobody',
      )
        .choices(['open', 'protected', 'closed'])
        .default(undefined, 'open on this machine alone, protected elsewhere'),
    );
  command.addOption(
    option(
      '--grpc-sessions-by-connection <on|off>',
      'identify unary calls without a session token by their connection',
    )
      .choices(['on', 'off'])
      .default(undefined, 'on on this machine alone, off elsewhere'),
  );
  command.addOption(
    option('--search <who>', 'who may search: anybody, or users who are logged in')
      .choices(['open', 'sessions'])
      .default('open'),
  );
  addTlsOptions(command);
  addLogOptions(command);
  addOperatorOptions(command);
  addLimitOptions(command);
  return command.addHelpText('after', examples).action(async () => {
    applyConfig(command);
    const given = command.opts<ParsedOptions>();
    const parsed = { ...given, tls: given.tls ?? defaultTls(given) };
    checkPostgresUrl(command, parsed.postgresUrl);
    if (parsed.printConfig === true) {
      const defaults = {
        tls: parsed.tls,
        accounts: accountsOf(parsed),
        grpcSessionsByConnection: knowsConnections(parsed) ? 'on' : 'off',
      };
      process.stdout.write(describeConfig(command, defaults));
      return;
    }
    const { transport, socketPort, grpcPort } = parsed;
    if (transport === 'all' && socketPort === grpcPort && socketPort !== 0) {
      command.error(
        `error: --socket-port and --grpc-port are both ${socketPort}: each transport needs a port of its own`,
      );
    }
    if (parsed.store === 'postgres' && parsed.postgresUrl === undefined) {
      command.error(
        'error: --store postgres needs a database: add --postgres-url (postgres://USER@HOST/DATABASE)',
      );
    }
    const options = {
      ...parsed,
      withoutEffect: withoutEffect(command, parsed),
      connectionsMaxSaid: command.getOptionValueSource('connectionsMax') !== 'default',
    };
    // Only what keeps data needs to know where.
    const keeps = options.store === 'sqlite';
    return action(keeps ? { ...options, dataDir: absolutePath(options.dataDir) } : options);
  });
}

/** The options as they are parsed. */
type ParsedOptions = Omit<ServeOptions, 'withoutEffect' | 'connectionsMaxSaid' | 'tls'> & {
  readonly tls?: ServeOptions['tls'];
  readonly printConfig?: boolean;
};

/** Takes the configuration file in, if one is named; says why and ends the process when it is of no use. */
function applyConfig(command: Command): void {
  const { config } = command.opts<ParsedOptions>();
  if (config === undefined) return;
  try {
    applyConfigFile(command, config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    command.error(`error: ${error.message}`);
  }
}

/** The default of `tls`: required where an option names a certificate or a key, or asks clients for one. */
function defaultTls({
  tlsCert,
  tlsKey,
  tlsCa,
  tlsClient,
}: Omit<ParsedOptions, 'tls'>): ServeOptions['tls'] {
  const isMeant = [tlsCert, tlsKey, tlsCa].some((file) => file !== undefined);
  return isMeant || tlsClient !== 'off' ? 'required' : 'off';
}

function addTlsOptions(command: Command): void {
  command
    .optionsGroup('TLS, for both transports on their ports:')
    .addOption(
      option('--tls <use>', 'clients may use TLS (optional), or must (required)')
        .choices(['off', 'optional', 'required'])
        .default(undefined, 'required with any option below, off without'),
    )
    .addOption(fileOption('--tls-cert <file>', 'certificate of this server, in PEM'))
    .addOption(fileOption('--tls-key <file>', 'its private key, in PEM'))
    .addOption(
      fileOption('--tls-ca <file>', 'authorities whose client certificates the server accepts'),
    )
    .addOption(
      option('--tls-client <use>', 'clients may show a certificate (optional), or must (required)')
        .choices(['off', 'optional', 'required'])
        .default('off'),
    );
}

function addLogOptions(command: Command): void {
  command
    .optionsGroup('Logging (to standard error; never the text of a message):')
    .addOption(
      option('--log-level <level>', 'the lowest level that is logged')
        .choices(logLevels)
        .default('info'),
    )
    .addOption(
      option('--log-format <format>', 'auto is pretty on a terminal, json elsewhere')
        .choices(['auto', 'pretty', 'json'])
        .default('auto'),
    );
}

function addOperatorOptions(command: Command): void {
  const file = (flags: string, description: string) =>
    withVariable(new TextOption(`${flags} <file>`, description, 'a file'));
  const onOff = (flags: string, description: string) =>
    option(`${flags} <on|off>`, description).choices(['on', 'off']).default('on');
  command
    .optionsGroup('For the operator:')
    .addOption(file('--config', 'JSON file with options, named without the dashes'))
    .addOption(
      new Option('--print-config', 'print the value of each option and its source, then end'),
    )
    .addOption(
      portOption(
        '--admin-port <port>',
        'port on 127.0.0.1 for /metrics, /livez and /readyz, 0 for any',
        0,
      ).default(undefined, 'none'),
    )
    .addOption(file('--admin-token-file', 'file with the token of commands over that port'))
    .addOption(onOff('--grpc-health', 'the health service of gRPC'))
    .addOption(onOff('--grpc-reflection', 'the reflection service of gRPC'));
}
