import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  addClientTlsOptions,
  type ClientTlsArguments,
  clientTlsProblem,
  NumberOption,
  TextOption,
} from '@tandem/command';
import { defaultGrpcPort, defaultSocketPort, type TransportName } from '@tandem/core';
import { type Command, Option } from 'commander';
import { homeDirectory } from '../home-directory.ts';
import { hostOption, option, portOption, portRange, withVariable } from '../option.ts';

/** The options with which a command reaches a server and proves who it is, defaults filled in. */
export interface ConnectionOptions extends ClientTlsArguments {
  readonly transport: TransportName;
  readonly mode: 'unary' | 'converse';
  readonly host: string;
  readonly port: number;
  readonly secretFile: string | undefined;
  /** Events go out as JSON, and commands may come in as JSON. */
  readonly json: boolean;
}

/** The line as commander reads it: the port of each transport, and the one that was asked for. */
export type ParsedConnection<Options extends ConnectionOptions = ConnectionOptions> = Omit<
  Options,
  'port'
> & {
  readonly port: number | undefined;
  readonly socketPort: number;
  readonly grpcPort: number;
};

/** Gives a command the options of {@link ConnectionOptions}, and some of its own before those of TLS. */
export function addConnectionOptions(command: Command, own: readonly Option[] = []): Command {
  command
    .addOption(
      // Without a variable: TANDEM_TRANSPORT is what a server speaks, which may be both.
      new Option('--transport <transport>', 'the transport')
        .choices(['socket', 'grpc'])
        .default('socket'),
    )
    .addOption(
      option('--mode <mode>', 'of gRPC: one stream for all requests, or a call for each')
        .choices(['converse', 'unary'])
        .default('converse'),
    )
    .addOption(hostOption('where the server is'))
    .addOption(
      new NumberOption(
        '--port <port>',
        `its port (default: ${defaultSocketPort} for sockets, ${defaultGrpcPort} for gRPC, env: TANDEM_SOCKET_PORT, TANDEM_GRPC_PORT)`,
        portRange(1),
      ),
    )
    .addOption(
      withVariable(
        new TextOption(
          '--secret-file <file>',
          'file whose first line is the secret to log in and to register with',
          'a file',
        ),
      ),
    )
    .option(
      '--json',
      'write each event as one line of JSON; chat also reads commands as JSON',
      false,
    )
    // As `tandem serve` has them, so that one environment serves both commands. 0 lets a server choose.
    .addOption(portOption('--socket-port <port>', '', 0).default(defaultSocketPort).hideHelp())
    .addOption(portOption('--grpc-port <port>', '', 0).default(defaultGrpcPort).hideHelp());
  for (const each of own) command.addOption(each);
  command.hook('preAction', async () => {
    const file = settingsFile(process.env);
    if (!existsSync(file)) return;
    // Loaded where there is one: most have none.
    const { applySettingsFile } = await import('./settings-file.ts');
    applySettingsFile(command, file);
  });
  return addClientTlsOptions(command);
}

/** Fills in the port, and ends the process where the options contradict each other. */
export function connectionOf<Options extends ConnectionOptions>(
  { port, socketPort, grpcPort, ...options }: ParsedConnection<Options>,
  command: Command,
): Omit<Options, 'port'> & { readonly port: number } {
  // A variable may be there for another command; what the line asks for is meant.
  if (options.transport === 'socket' && command.getOptionValueSource('mode') === 'cli') {
    command.error('error: --mode is of gRPC: add --transport grpc, or leave it out');
  }
  const chosen = port ?? (options.transport === 'grpc' ? grpcPort : socketPort);
  if (chosen === 0) {
    command.error(
      'error: port 0 means that the server has chosen a port, which it printed at its start: name that one with --port',
    );
  }
  const problem = clientTlsProblem(options);
  if (problem !== undefined) command.error(`error: ${problem}`);
  return { ...(options as unknown as Omit<Options, 'port'>), port: chosen };
}

/** The file of defaults for the options of `tandem chat`. [XDG Base Directory Specification] */
export function settingsFile({ XDG_CONFIG_HOME: config }: NodeJS.ProcessEnv): string {
  // A relative path there is to be ignored.
  const directory = config?.startsWith('/') ? config : join(homeDirectory(), '.config');
  return join(directory, 'tandem', 'chat.json');
}
