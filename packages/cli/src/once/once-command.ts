import { TextOption } from '@tandem/command';
import { Command, type Option } from 'commander';
import {
  addConnectionOptions,
  type ConnectionOptions,
  connectionOf,
  type ParsedConnection,
} from '../chat/connection-option.ts';

/** A single thing to ask of a server, and how to reach it. */
export interface OnceOptions extends ConnectionOptions {
  readonly ask: Once;
}

/** The thing to ask. `text` is `-` where each line of standard input is a message. */
export type Once =
  | { readonly command: 'register'; readonly username: string }
  | { readonly command: 'search'; readonly query: string; readonly as: string | undefined }
  | {
      readonly command: 'send';
      readonly from: string;
      readonly to: string;
      readonly text: string;
    };

type Action = (options: OnceOptions) => Promise<void>;
type Parsed = ParsedConnection;

const exitCodes = `
Exit codes
  0   the command succeeded
  1   no connection, or a file of a secret or of TLS is wrong; or the server went away, and a
      message may have been sent
  2   the server refused it; standard error says why
  64  a wrong option, or a wrong file of settings; the command did nothing`;

/** The `register` command. */
export function registerCommand(action: Action): Command {
  return onceCommand('register', 'make an account')
    .description('Make an account on a chat server. With --secret-file it has a secret.')
    .argument('<username>', 'its name: letters and digits')
    .addHelpText(
      'after',
      `
Examples:
  $ pnpm tandem register alice
  $ pnpm tandem register alice --host chat.example.org --secret-file alice.secret
${exitCodes}`,
    )
    .action((username: string, parsed: Parsed, command: Command) =>
      action({ ...connectionOf(parsed, command), ask: { command: 'register', username } }),
    );
}

/** The `send` command. */
export function sendCommand(action: Action): Command {
  return onceCommand('send', 'send a message')
    .description(
      'Log in, send a message, and log out. Unread messages stay unread. The server refuses a user who is logged in elsewhere.',
    )
    .argument('<from>', 'the user who sends')
    .argument('<to>', 'the user who gets it')
    .argument('<text>', 'the message; - for a message from each line of standard input')
    .addHelpText(
      'after',
      `
Examples:
  $ pnpm tandem send alice bob 'see you at eight'
  $ pnpm tandem send alice bob 'see you at eight' --transport grpc
  $ pnpm tandem send alice bob -- '-5 degrees'       a message that begins with -
  $ tail -f events.log | pnpm --silent tandem send alice bob -
${exitCodes}`,
    )
    .action((from: string, to: string, text: string, parsed: Parsed, command: Command) =>
      action({ ...connectionOf(parsed, command), ask: { command: 'send', from, to, text } }),
    );
}

/** The `search` command. */
export function searchCommand(action: Action): Command {
  const as = new TextOption(
    '--as <username>',
    'log in first, if the server lets only users search',
    'a username',
  );
  return onceCommand('search', 'find usernames', as)
    .description('Write the usernames that match, one a line.')
    .argument('[query]', 'the names to find, * for any letters; without it all names', '')
    .addHelpText(
      'after',
      `
Examples:
  $ pnpm --silent tandem search 'b*'
  $ pnpm --silent tandem search 'b*' --json | jq -r '.usernames[]'
${exitCodes}`,
    )
    .action((query: string, parsed: Parsed & { as?: string }, command: Command) => {
      const { as, ...connection } = parsed;
      const ask = { command: 'search', query, as } as const;
      return action({ ...connectionOf(connection, command), ask });
    });
}

function onceCommand(name: Once['command'], summary: string, ...own: Option[]): Command {
  return addConnectionOptions(new Command(name), own).summary(summary);
}
