import { dirname, join, resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { homeDirectory } from '../home-directory.ts';
import { exitCode, refuse as leave } from '../refuse.ts';
import { readSmallFile } from '../small-file.ts';
import { nearest } from '../terminal/commands/nearest.ts';
import { printable } from '../terminal/printable.ts';
import { chatOptions } from './chat-option.ts';

const settingsBytesMax = 1024 * 1024;

/**
 * Gives options that neither the line nor a variable says the values of the file, if there is one. What
 * only `tandem chat` has is left out by other commands. Ends the process, and says why, where the file is
 * not what it should be.
 */
export function applySettingsFile(command: Command, file: string): void {
  const settings = read(file);
  if (settings === undefined) return;
  const options = command.options.filter(({ hidden }) => !hidden);
  const known = new Map([...chatOptions, ...options].map((each) => [nameOf(each), each] as const));
  // The port is one of the transport, so that comes first.
  const isTransport = (name: string) => Number(name === 'transport');
  const entries = Object.entries(settings).sort(
    ([one], [other]) => isTransport(other) - isTransport(one),
  );
  for (const [name, value] of entries) {
    const option = known.get(name);
    if (option === undefined) {
      const near = nearest(name, [...known.keys()]);
      const hint = near === undefined ? '--help lists the options' : `did you mean "${near}"?`;
      refuse(`${file}: there is no option "${printable(name)}"; ${hint}`);
    }
    if (!options.includes(option)) continue;
    if (name === 'port' && !isPortMeant(command, settings)) continue;
    apply(command, option, value, file);
  }
}

function refuse(message: string): never {
  return leave(message, exitCode.usage);
}

/** Tells if the port of the file is for the transport that is spoken, and no variable says another. */
function isPortMeant(command: Command, { transport = 'socket' }: Record<string, unknown>): boolean {
  const spoken = command.getOptionValue('transport');
  return spoken === transport && !isSaid(command, spoken === 'grpc' ? 'grpcPort' : 'socketPort');
}

/** The name of an option as the file has it: `no-reconnect` is `reconnect`, false. */
function nameOf({ long, negate }: Option): string {
  return (long ?? '').slice(negate ? '--no-'.length : '--'.length);
}

function read(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readSmallFile(file, settingsBytesMax);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return refuse(`The settings in ${file} cannot be read: ${message}`);
  }
  try {
    const settings: unknown = JSON.parse(text);
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) {
      return settings as Record<string, unknown>;
    }
  } catch (error) {
    return refuse(`${file} is not JSON: ${(error as Error).message}`);
  }
  return refuse(`${file} has to be an object, such as {"transport":"grpc","bell":"off"}`);
}

function apply(command: Command, option: Option, value: unknown, file: string): void {
  const where = `${file}: "${nameOf(option)}"`;
  const name = option.attributeName();
  if (isSaid(command, name)) return;
  if (option.isBoolean() || option.negate) {
    if (typeof value !== 'boolean') refuse(`${where} has to be true or false`);
    command.setOptionValueWithSource(name, value, 'config');
    return;
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    refuse(`${where} has to be a text or a number`);
  const text = /<file>/.test(option.flags) ? pathOf(String(value), file) : String(value);
  try {
    const parsed: unknown = option.parseArg?.(text, undefined) ?? text;
    command.setOptionValueWithSource(name, parsed, 'config');
  } catch (error) {
    refuse(`${where}: ${(error as Error).message}`);
  }
}

/** Tells if the line or a variable says an option. */
function isSaid(command: Command, name: string): boolean {
  const source = command.getOptionValueSource(name);
  return source === 'cli' || source === 'env';
}

/** Returns a path of the file of settings: one below the home directory, or from where that file is. */
function pathOf(path: string, file: string): string {
  if (path === '') return path;
  return path.startsWith('~/')
    ? join(homeDirectory(), path.slice(2))
    : resolve(dirname(file), path);
}
