import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startOtherProgram } from '../../rig/processes/other-program.ts';
import { ownDataDirectory } from '../chat/data-directory.ts';
import type { LaneServer } from '../lane.ts';

/** A broker of others, which this machine may or may not have. */
export interface Program {
  /** The name of the program, and of the Debian package. */
  readonly name: 'mosquitto' | 'nats-server';
  /** Returns its arguments: for a port of the loopback, and a directory that is empty. */
  args(port: number, directory: string): readonly string[];
}

// The path of a user who is not root often has no `sbin`.
const directories = [
  ...(process.env.PATH ?? '').split(delimiter),
  ...['/usr/sbin', '/usr/local/sbin'],
];

/** Returns the reason for which a program cannot be measured here; undefined when it can. */
export function missing({ name }: Pick<Program, 'name'>): string | undefined {
  // What another program used is read from /proc.
  if (process.platform !== 'linux') return 'another program is measured on Linux only';
  if (find(name) !== undefined) return undefined;
  return `${name} is not installed (Debian: apt-get install ${name})`;
}

/** Starts a program, on the cores of this process. Resolves when it takes connections. */
export async function startProgram({ name, args }: Program): Promise<LaneServer> {
  const directory = ownDataDirectory();
  const command = (port: number) => [find(name) ?? name, ...args(port, directory.path)];
  const { port, pid, end } = await startOtherProgram(command).catch((error: unknown) => {
    directory.remove();
    throw error;
  });
  return { port, pid, close: () => end().then(directory.remove) };
}

function find(name: string): string | undefined {
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
