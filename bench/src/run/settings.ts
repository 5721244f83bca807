import type { NumberRange } from '@tandem/command';
import { z } from 'zod';
import { laneNames } from '../lanes/index.ts';
import type { Placement, Report } from '../report/report.ts';
import { placementNames } from '../rig/placement.ts';
import { scenarios } from '../scenarios/index.ts';
import { citableRoundsMin, type Preset, type PresetQuestion, presets } from './presets.ts';

/** What the numbers of the settings may be, on the command line and in a configuration file. */
export const settingRanges = {
  rounds: { min: 1, max: 1_000 },
  measureMs: { min: 10, max: 600_000, fractions: true },
  warmUpMs: { min: 10, max: 600_000, fractions: true },
  warmUpOperations: { min: 0, max: 10_000_000 },
  seed: { min: 0, max: 0xffff_ffff },
} as const satisfies Record<string, NumberRange>;

/** What the command line or a configuration file may say; each part is optional. */
export const settingsSchema = z
  .strictObject({
    preset: z.enum(['quick', 'core', 'full']),
    lanes: z.array(z.string()).min(1),
    scenarios: z.array(z.string()).min(1),
    placements: z.array(z.enum(placementNames)).min(1),
    rounds: numberWithin(settingRanges.rounds),
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

export type Settings = z.infer<typeof settingsSchema>;

/** A run of the lab with everything decided. */
export interface Resolved {
  readonly preset: Report['preset'];
  readonly rounds: number;
  readonly measureMs: number;
  readonly warmUpMsMax: number;
  readonly warmUpOperationsMin: number;
  readonly placements: readonly Placement[];
  readonly questions: readonly PresetQuestion[];
  readonly seed: number;
  readonly wire: boolean;
  readonly wireTls: boolean;
  /** Empty when the figures may be cited, once the run is complete. */
  readonly notCitableBecause: readonly string[];
}

/** Something was asked for that there is not; its message says what there is. */
export class SettingsError extends Error {}

const defaultSeed = 20_230_223;

/**
 * Fills in what was not said. Lanes without scenarios are asked everything that the preset asks;
 * scenarios without lanes are asked of the preset's lanes for it, or of those of its latency where the
 * preset does not ask that at all.
 *
 * @throws SettingsError when a lane or a scenario does not exist
 */
export function resolve(settings: Settings): Resolved {
  const preset: Preset = presets[settings.preset ?? 'core'];
  const rounds = settings.rounds ?? preset.rounds;
  const changed = (
    [
      'lanes',
      'scenarios',
      'placements',
      'rounds',
      'measureMs',
      'warmUpMs',
      'warmUpOperations',
    ] as const
  ).some((key) => settings[key] !== undefined);
  const notCitableBecause: string[] = [];
  const measureMs = settings.measureMs ?? preset.measureMs;
  const warmUpOperations = settings.warmUpOperations ?? preset.warmUpOperationsMin;
  if (measureMs < presets.core.measureMs || warmUpOperations < presets.core.warmUpOperationsMin) {
    notCitableBecause.push(
      'its runs are shorter, or less warm, than those of the core of the comparison',
    );
  }
  if (rounds < citableRoundsMin) {
    notCitableBecause.push(
      `too few rounds for an interval: ${rounds}, and it takes ${citableRoundsMin}`,
    );
  }
  return {
    preset: changed ? 'custom' : preset.name,
    rounds,
    measureMs,
    warmUpMsMax: settings.warmUpMs ?? preset.warmUpMsMax,
    warmUpOperationsMin: warmUpOperations,
    placements: settings.placements ?? preset.placements,
    questions: questionsOf(preset, settings),
    seed: settings.seed ?? defaultSeed,
    wire: settings.wire ?? true,
    wireTls: preset.wireTls,
    notCitableBecause,
  };
}

function questionsOf(preset: Preset, settings: Settings): readonly PresetQuestion[] {
  const lanes = settings.lanes && [...new Set(settings.lanes.map(checkLane))];
  const names = settings.scenarios?.flatMap(scenariosNamed);
  const asked = names ?? preset.questions.map(({ scenario }) => scenario);
  return [...new Set(asked)].map((scenario) => {
    const ofPreset = preset.questions.find((question) => question.scenario === scenario);
    const fallback = preset.questions.find((question) => question.scenario === 'latency-1');
    const { placements } = settings.placements === undefined ? (ofPreset ?? {}) : {};
    return {
      scenario,
      lanes: lanes ?? (ofPreset ?? fallback)?.lanes ?? laneNames,
      ...(placements === undefined ? {} : { placements }),
    };
  });
}

function checkLane(name: string): string {
  if (laneNames.includes(name)) return name;
  throw new SettingsError(`there is no lane ${name}; there are: ${laneNames.join(', ')}`);
}

/** A name is that of a scenario, or of a family of them. */
function scenariosNamed(name: string): readonly string[] {
  const found = scenarios.filter((scenario) => scenario.name === name || scenario.family === name);
  if (scenarios.some((scenario) => scenario.name === name)) return [name];
  if (found.length > 0) return found.map((scenario) => scenario.name);
  const families = [...new Set(scenarios.map(({ family }) => family))];
  throw new SettingsError(
    `there is no scenario ${name}; there are: ${scenarios.map((each) => each.name).join(', ')}; ` +
      `or all of a family: ${families.join(', ')}`,
  );
}
