import { exitCode } from './exit-code.ts';

/** Says in one line why what was asked for cannot be done, and leaves. */
export function refuse(message: string): never {
  process.stderr.write(`${message.replace(/\s+/g, ' ')}\n`);
  process.exit(exitCode.refused);
}
