import { exitCode } from './exit-code.ts';

/** Says why what was asked for cannot be done, and leaves. */
export function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode.refused);
}
