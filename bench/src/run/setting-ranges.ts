import type { NumberRange } from '@tandem/command';

/** The ranges of the settings' numbers, on the command line and in a configuration file. */
export const settingRanges = {
  rounds: { min: 1, max: 1_000 },
  minutes: { min: 0.1, max: 10_080, fractions: true },
  halfWidth: { min: 0.1, max: 100, fractions: true },
  measureMs: { min: 10, max: 600_000, fractions: true },
  warmUpMs: { min: 10, max: 600_000, fractions: true },
  warmUpOperations: { min: 0, max: 10_000_000 },
  seed: { min: 0, max: 0xffff_ffff },
} as const satisfies Record<string, NumberRange>;
