import {
  addClientTlsOptions,
  type ClientTlsArguments,
  clientTlsProblem,
  NumberOption,
  TextOption,
} from '@tandem/command';
import { defaultGrpcPort, defaultSocketPort } from '@tandem/core';
import { Command, Option } from 'commander';
import { hostOption, option, portOption, portRange, withVariable } from '../option.ts';
import { scriptingHelp } from '../terminal/help.ts';

/** The options of `tandem chat`, defaults filled in. */
export interface ChatCommandOptions extends ClientTlsArguments {
  readonly transport: 'socket' | 'grpc';
  readonly mode: 'unary' | 'converse';
  readonly host: string;
  readonly port: number;
  readonly secretFile: string | undefined;
}

/** The line as commander reads it: the port of each transport, and the one that was asked for. */
interface ParsedOptions extends Omit<ChatCommandOptions, 'port'> {
  readonly port: number | undefined;
  readonly socketPort: number;
  readonly grpcPort: number;
}

const examples = `
Examples:
  $ pnpm tandem chat                             a conversation with the server on this machine
  $ pnpm tandem chat --host chat.example.org     with one elsewhere
  $ pnpm tandem chat --host ::1                  at an IPv6 address; [::1] will do as well
  $ pnpm tandem chat --transport grpc            over gRPC
  $ pnpm tandem chat --host chat.example.org --tls  encrypted
  $ printf 'login alice\\nsend bob hi\\n' | pnpm --silent tandem chat

In a conversation, type help for the commands. A secret is asked for when it is needed, and is not
shown; there is no way to say it on a line. On a terminal that cannot move its cursor (TERM is
dumb, unknown or not set), the terminal itself edits the line, and a message is shown below it.

${scriptingHelp}`;

/** The `chat` command; `action` is what it does. */
export function chatCommand(action: (options: ChatCommandOptions) => Promise<void>): Command {
  const command = new Command('chat')
    .summary('chat in this terminal')
    .description(
      'Connect to a chat server, and chat in this terminal or run the commands it reads.',
    )
    .addOption(
      // Without a variable: TANDEM_TRANSPORT is what a server speaks, which may be both.
      new Option('--transport <transport>', 'what to speak')
        .choices(['socket', 'grpc'])
        .default('socket'),
    )
    .addOption(
      option('--mode <mode>', 'of gRPC: one stream for all, or a call for each request')
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
    // As `tandem serve` has them, so that one environment serves both commands. 0 lets a server choose.
    .addOption(portOption('--socket-port <port>', '', 0).default(defaultSocketPort).hideHelp())
    .addOption(portOption('--grpc-port <port>', '', 0).default(defaultGrpcPort).hideHelp())
    .addHelpText('after', examples)
    .action(({ port, socketPort, grpcPort, ...options }: ParsedOptions, command: Command) => {
      // A variable may be there for another command; what the line asks for is meant.
      if (options.transport === 'socket' && command.getOptionValueSource('mode') === 'cli') {
        command.error('error: --mode is of gRPC: say --transport grpc too, or leave it out');
      }
      const chosen = port ?? (options.transport === 'grpc' ? grpcPort : socketPort);
      if (chosen === 0) {
        command.error(
          'error: port 0 means that the server has chosen a port, which it printed at its start: name that one with --port',
        );
      }
      const problem = clientTlsProblem(options);
      if (problem !== undefined) command.error(`error: ${problem}`);
      return action({ ...options, port: chosen });
    });
  return addClientTlsOptions(command);
}
