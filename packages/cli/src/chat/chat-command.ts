import { Command } from 'commander';
import { scriptingHelp } from '../terminal/commands/help.ts';
import type { Settings } from '../terminal/commands/setting.ts';
import { chatOptions } from './chat-option.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  connectionOf,
  type ParsedConnection,
} from './connection-option.ts';

/** The options of `tandem chat`, defaults filled in. */
export interface ChatCommandOptions extends ConnectionOptions, Settings {
  /** A connection that is lost at a terminal is made again. */
  readonly reconnect: boolean;
  /** Lines only, for a screen reader. */
  readonly plain: boolean | undefined;
  /** The file that keeps the messages that are seen. */
  readonly history: string | undefined;
}

const examples = `
Examples:
  $ pnpm tandem chat                             a conversation with the server on this machine
  $ pnpm tandem chat --host chat.example.org     with a server elsewhere
  $ pnpm tandem chat --host ::1                  at an IPv6 address; [::1] is the same
  $ pnpm tandem chat --transport grpc            over gRPC
  $ pnpm tandem chat --host chat.example.org --tls  encrypted
  $ printf 'login alice\\nsend bob hi\\n' | pnpm --silent tandem chat
  $ printf 'login alice\\nsend bob hi\\n' | pnpm --silent tandem chat --json | jq .status

In a conversation, type help for the commands. The chat asks for a secret when it needs one, and does
not show it; no line takes a secret. If the terminal cannot move its cursor (TERM is dumb, unknown or
not set), the terminal itself edits the line, and messages appear below it.
The file ~/.config/tandem/chat.json has defaults for these options, such as {"transport":"grpc","bell":"off"};
the command line and the environment win over it.
For a single command, use tandem register, tandem send or tandem search.

${scriptingHelp}`;

/** The `chat` command; `action` is what it does. */
export function chatCommand(action: (options: ChatCommandOptions) => Promise<void>): Command {
  const command = new Command('chat')
    .summary('chat in this terminal')
    .description(
      'Connect to a chat server, and chat in this terminal or run the commands it reads.',
    );
  return addConnectionOptions(command, chatOptions)
    .addHelpText('after', examples)
    .action((parsed: ParsedConnection<ChatCommandOptions>) =>
      action(connectionOf(parsed, command)),
    );
}
