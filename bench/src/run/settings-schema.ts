import { readFileSync } from 'node:fs';
import type { NumberRange } from '@tandem/command';
import { z } from 'zod';
import { placementNames } from '../rig/machine/placement.ts';
import { UsageError } from '../usage-error.ts';
import { type Preset, presets } from './presets.ts';
import { settingRanges } from './setting-ranges.ts';

// Apart from the options and the rest of the settings, as a process takes 60 ms to load zod.

/** The settings of a command line or a configuration file; each is optional. */
const settingsSchema = z
  .strictObject({
    preset: z.enum(Object.keys(presets) as Preset['name'][]),
    lanes: z.array(z.string()).min(1),
    scenarios: z.array(z.string()).min(1),
    placements: z.array(z.enum(placementNames)).min(1),
    rounds: numberWithin(settingRanges.rounds),
    minutes: numberWithin(settingRanges.minutes),
    halfWidth: numberWithin(settingRanges.halfWidth),
    measureMs: numberWithin(settingRanges.measureMs),
    warmUpMs: numberWithin(settingRanges.warmUpMs),
    warmUpOperations: numberWithin(settingRanges.warmUpOperations),
    seed: numberWithin(settingRanges.seed),
    wire: z.boolean(),
    out: z.string().min(1),
  })
  .partial();

function numberWithin({ min, max, fractions = false }: NumberRange) {
  return (fractions ? z.number() : z.int()).min(min).max(max);
}

/** Settings as a command line or a file gives them. */
export type Settings = z.infer<typeof settingsSchema>;

/** The options of the `run` command. */
export interface RunOptions extends Omit<Settings, 'placements'> {
  readonly placement?: readonly string[];
  readonly config?: string;
}

/** Settings ask for something that does not exist; the message lists what exists. */
export class SettingsError extends UsageError {}

/**
 * Returns the settings of the command line, which win over those of the configuration file if there is one.
 *
 * @throws SettingsError when the file cannot be read, or a setting is impossible
 */
export function settingsFrom(options: RunOptions): Settings {
  const { config, placement, wire, ...rest } = options;
  const fromFile = config === undefined ? {} : parseSettings(readConfig(config), config);
  const line = {
    ...rest,
    ...(placement === undefined ? {} : { placements: placement }),
    // Commander has `true` for an option that was not given.
    ...(wire === false ? { wire } : {}),
  };
  return { ...fromFile, ...parseSettings(line, 'the command line') };
}

function readConfig(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new SettingsError(`${file} ${why}: ${(cause as Error).message}`, { cause });
  }
}

function parseSettings(value: unknown, from: string): Settings {
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    `${from} says what cannot be: ${parsed.error.issues.map(explain).join('; ')}`,
  );
}

function explain(issue: z.core.$ZodIssue): string {
  const what = issue.path.filter((part) => typeof part === 'string').join('.');
  const why =
    issue.code === 'invalid_value' ? `it takes ${issue.values.join(', ')}` : issue.message;
  return what === '' ? why : `${what}: ${why}`;
}
