import { Command } from 'commander';
import { option } from '../option.ts';

/** The options of `tandem demo`, defaults filled in. */
export interface DemoCommandOptions {
  readonly mode: 'unary' | 'converse';
  /** Present when the bytes are to be shown, and not only counted. */
  readonly hex?: true;
}

const notes = `
Alice is on sockets and bob on gRPC, on one chat service. Every byte of TCP's payload is counted, in
both directions, between each client and its server. Nothing has to run before, and nothing is left.`;

/** The `demo` command; `action` is what it does. */
export function demoCommand(action: (options: DemoCommandOptions) => Promise<void>): Command {
  return new Command('demo')
    .summary('see both transports at work, with the bytes of each step')
    .description('Play a short chat over both transports, and count the bytes of each step.')
    .addOption(
      option('--mode <mode>', 'of gRPC: one stream for all, or a call for each request')
        .choices(['converse', 'unary'])
        .default('converse'),
    )
    .option('--hex', 'show the bytes of each step, each with its layer and its meaning')
    .addHelpText('after', notes)
    .action(action);
}
