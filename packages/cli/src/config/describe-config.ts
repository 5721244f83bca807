import type { Command, Option } from 'commander';
import { printable } from '../terminal/printable.ts';
import { configurableOptions } from './config-file.ts';

/**
 * Returns what holds for each option, and where that comes from, a line each. No option has a secret as
 * its value; secrets are in files, of which the names are shown.
 *
 * @param defaults the values of options whose defaults depend on other options, by attribute
 */
export function describeConfig(
  command: Command,
  defaults: Readonly<Record<string, string>>,
): string {
  const rows = [...configurableOptions(command)].map(([name, option]) => {
    const attribute = option.attributeName();
    const value = command.getOptionValue(attribute) ?? defaults[attribute];
    return [
      name,
      printable(String(value ?? option.defaultValueDescription ?? '')),
      from(command, option),
    ];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function from(command: Command, option: Option): string {
  switch (command.getOptionValueSource(option.attributeName())) {
    case 'cli':
      return option.long ?? 'the line';
    case 'env':
      return option.envVar ?? 'the environment';
    case 'config':
      return printable(String(command.getOptionValue('config')));
    default:
      return 'default';
  }
}
