import { NumberOption } from '@tandem/command';
import type { Command, Option } from 'commander';
import { configurableOptions } from './config-file.ts';

/** Returns the JSON Schema of the configuration file of a command, for editors. */
export function configSchema(command: Command): object {
  const properties = [...configurableOptions(command)].map(([name, option]) => [
    name,
    schemaOf(option),
  ]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Configuration of tandem ${command.name()}`,
    description:
      'Each option by its name without the dashes. The command line and TANDEM_ variables win.',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
  };
}

function schemaOf(option: Option): object {
  const { description, argChoices, defaultValue, defaultValueDescription } = option;
  // What depends on the machine or on other options is no value for everybody.
  const fixed = defaultValueDescription === undefined || defaultValueDescription === defaultValue;
  const otherwise = fixed && defaultValue !== undefined ? { default: defaultValue } : {};
  return { description, ...typeOf(option, argChoices), ...otherwise };
}

function typeOf(option: Option, choices: readonly string[] | undefined): object {
  if (option instanceof NumberOption) {
    const { min, max, fractions } = option.range;
    return { type: fractions === true ? 'number' : 'integer', minimum: min, maximum: max };
  }
  return choices === undefined ? { type: 'string', minLength: 1 } : { enum: choices };
}
