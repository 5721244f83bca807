import { NumberOption } from '@tandem/command';
import type { Command, Option } from 'commander';
import { readSmallFile } from '../small-file.ts';
import { nearest } from '../terminal/commands/nearest.ts';
import { printable } from '../terminal/printable.ts';

/** Thrown for a configuration that cannot be used; the message is one sentence for people. */
export class ConfigError extends Error {}

// All options with their longest values take a hundredth of it.
const configBytesMax = 1024 * 1024;

/** The key with which editors find the schema. */
const schemaKey = '$schema';

/** Options that are about the command and not about what it does, and so stand on the line alone. */
const onLineOnly: ReadonlySet<string> = new Set(['config', 'print-config', 'help']);

/** Returns the options that a configuration file can have, by name: `socket-port` for `--socket-port`. */
export function configurableOptions(command: Command): Map<string, Option> {
  const options = command.options.filter((option) => !onLineOnly.has(option.name()));
  return new Map(options.map((option) => [option.name(), option]));
}

/**
 * Reads a configuration file, and gives the command the values of all options that neither its line nor
 * a variable has named.
 *
 * @throws ConfigError
 */
export function applyConfigFile(command: Command, path: string): void {
  const options = configurableOptions(command);
  for (const [name, value] of Object.entries(readConfig(path))) {
    if (name === schemaKey) continue;
    const option = options.get(name);
    if (option === undefined) throw new ConfigError(`${path}: ${explainUnknown(name, options)}`);
    const parsed = parseValue(path, option, value);
    const key = option.attributeName();
    const source = command.getOptionValueSource(key);
    if (source === undefined || source === 'default') {
      command.setOptionValueWithSource(key, parsed, 'config');
    }
  }
}

function readConfig(path: string): object {
  const shown = printable(path);
  let text: string;
  try {
    text = readSmallFile(path, configBytesMax);
  } catch (error) {
    throw new ConfigError(`${shown} cannot be read: ${(error as Error).message}.`);
  }
  let config: unknown;
  try {
    config = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError(`${shown} is not JSON: ${printable((error as Error).message)}.`);
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw new ConfigError(`${shown} has to be an object: { "socket-port": 22067 }.`);
}

function explainUnknown(name: string, options: ReadonlyMap<string, Option>): string {
  const shown = printable(name);
  if (onLineOnly.has(name)) return `"${shown}" can only be on the command line.`;
  const meant = nearest(name.replace(/^--/, ''), [...options.keys()]);
  const hint = meant === undefined ? 'tandem serve --help names all' : `did you mean "${meant}"?`;
  return `"${shown}" is not an option of tandem serve; ${hint}`;
}

function parseValue(path: string, option: Option, value: unknown): unknown {
  const wanted = option instanceof NumberOption ? 'number' : 'string';
  try {
    if (typeof value !== wanted) throw new Error(`It takes a ${wanted}.`);
    const text = String(value);
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (error) {
    throw new ConfigError(
      `${printable(path)}: "${option.name()}" is ${printable(JSON.stringify(value))}. ${(error as Error).message}`,
    );
  }
}
