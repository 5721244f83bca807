import { readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { refuse } from '../refuse.ts';
import { nearest } from '../terminal/nearest.ts';
import { printable } from '../terminal/printable.ts';

/**
 * Gives options that neither the line nor a variable says the values of the file, if there is one. Ends
 * the process, and says why, where the file is not what it should be.
 *
 * @param isForOthers the names are those of another command, and what this one does not have is left out
 */
export function applySettingsFile(command: Command, file: string, isForOthers: boolean): void {
  const settings = read(file);
  if (settings === undefined) return;
  const options = command.options.filter(({ hidden }) => !hidden);
  for (const [name, value] of Object.entries(settings)) {
    const option = options.find((each) => nameOf(each) === name);
    if (option !== undefined) apply(command, option, value, `${file}: "${name}"`);
    else if (!isForOthers) {
      const near = nearest(name, options.map(nameOf));
      const hint = near === undefined ? '--help lists the options' : `did you mean "${near}"?`;
      refuse(`${file}: there is no option "${printable(name)}"; ${hint}`);
    }
  }
}

/** The name of an option as the file has it: `no-reconnect` is `reconnect`, false. */
function nameOf({ long, negate }: Option): string {
  return (long ?? '').slice(negate ? '--no-'.length : '--'.length);
}

function read(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
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
    return refuse(`${file} is no JSON: ${(error as Error).message}`);
  }
  return refuse(`${file} has to be an object, such as {"transport":"grpc","bell":"off"}`);
}

function apply(command: Command, option: Option, value: unknown, where: string): void {
  const name = option.attributeName();
  if (isSaid(command, name) || (name === 'port' && isPortSaid(command))) return;
  if (option.isBoolean() || option.negate) {
    if (typeof value !== 'boolean') refuse(`${where} has to be true or false`);
    command.setOptionValueWithSource(name, value, 'config');
    return;
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    refuse(`${where} has to be a text or a number`);
  try {
    const parsed: unknown = option.parseArg?.(String(value), undefined) ?? String(value);
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

/** Tells if the variable of a transport's port says the port. */
function isPortSaid(command: Command): boolean {
  return isSaid(
    command,
    command.getOptionValue('transport') === 'grpc' ? 'grpcPort' : 'socketPort',
  );
}
