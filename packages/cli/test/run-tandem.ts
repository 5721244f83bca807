import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { showOnFailure } from '@tandem/command/testing/program';
import { mainFile } from './chat-program.ts';

/** The outcome of a command. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errorOutput: string;
}

/** Runs `tandem` with these arguments to its end. */
export async function runTandem(...args: readonly string[]): Promise<Ran> {
  const line = [mainFile, ...args];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  showOnFailure(line, () => said);
  const [[code], output, errorOutput] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  said = errorOutput;
  return { code, output, errorOutput };
}
