import { defaultSocketPort } from '@tandem/core';
import { Command } from 'commander';
import { option, portOption } from './option.ts';
import { scriptingHelp } from './terminal/help.ts';

/** What `tandem chat` is told, defaults filled in. */
export interface ChatCommandOptions {
  readonly transport: 'socket';
  readonly host: string;
  readonly port: number;
}

const examples = `
Examples:
  $ tandem chat                             a conversation with the server on this machine
  $ tandem chat --host chat.example.org     with one elsewhere
  $ printf 'login alice\\nsend bob hi\\n' | tandem chat

In a conversation, type help for the commands.

${scriptingHelp}`;

/** The `chat` command; `action` is what it does. */
export function chatCommand(action: (options: ChatCommandOptions) => Promise<void>): Command {
  return new Command('chat')
    .summary('chat in this terminal')
    .description(
      'Connect to a chat server, and chat in this terminal or run the commands it reads.',
    )
    .addOption(
      option('--transport <transport>', 'what the server speaks')
        .choices(['socket'])
        .default('socket'),
    )
    .addOption(option('--host <address>', 'where the server is').default('127.0.0.1'))
    .addOption(
      portOption('--port <port>', 'its port', 1)
        .default(defaultSocketPort)
        .env('TANDEM_SOCKET_PORT'),
    )
    .addHelpText('after', examples)
    .action(action);
}
