import { laneNames } from '../lanes/index.ts';
import type { Placement, Report } from '../report/schema/report.ts';
import type { RoundLimits } from '../rig/rounds/run-plan.ts';
import { scenarios } from '../scenarios/index.ts';
import type { MeasureTimes } from '../scenarios/scenario.ts';
import {
  citableRoundsMin,
  halfWidthPercentDefault,
  longEnoughMs,
  type Preset,
  type PresetQuestion,
  presets,
  roundsMaxFactor,
} from './presets.ts';
import { type Settings, SettingsError } from './settings-schema.ts';

/** A run of the lab with everything decided. */
export interface Resolved {
  readonly preset: Report['preset'];
  readonly limits: RoundLimits;
  readonly times: Omit<MeasureTimes, 'seed'>;
  readonly placements: readonly Placement[];
  readonly questions: readonly PresetQuestion[];
  readonly seed: number;
  readonly wire: boolean;
  readonly wireTls: boolean;
  /** Empty when the figures may be cited, once the run is complete. */
  readonly notCitableBecause: readonly string[];
}

const defaultSeed = 20_230_223;
const unlimited = Number.POSITIVE_INFINITY;

const { core } = presets;

/**
 * Fills in the defaults. Lanes without scenarios get every scenario of the preset;
 * scenarios without lanes get the preset's lanes for them, or those of its latency where the
 * preset does not have that scenario.
 *
 * @throws SettingsError when a lane or a scenario does not exist
 */
export function resolve(settings: Settings): Resolved {
  const preset: Preset = presets[settings.preset ?? 'core'];
  const { preset: _, seed, wire, out: __, ...changes } = settings;
  const changed = Object.values(changes).some((value) => value !== undefined);
  const limits = limitsOf(preset, settings);
  const times = timesOf(preset, settings);
  const notCitableBecause: string[] = [];
  const isShort =
    times.measureMs < longEnoughMs && times.measureOperations < core.measureOperations;
  if (isShort || times.warmUpOperationsMin < core.warmUpOperationsMin) {
    notCitableBecause.push(
      'its runs are shorter, or less warm, than those of the core of the comparison',
    );
  }
  if (limits.roundsMin < citableRoundsMin) {
    notCitableBecause.push(
      `too few rounds for an interval: ${limits.roundsMin}, and it takes ${citableRoundsMin}`,
    );
  }
  return {
    preset: changed ? 'custom' : preset.name,
    limits,
    times,
    placements: settings.placements ?? preset.placements,
    questions: questionsOf(preset, settings),
    seed: seed ?? defaultSeed,
    wire: wire ?? true,
    wireTls: preset.wireTls,
    notCitableBecause,
  };
}

/** Returns the limits of the rounds: those that were asked for, or those of the preset with additional ones. */
function limitsOf(preset: Preset, { rounds, minutes, halfWidth }: Settings): RoundLimits {
  const roundsMin = rounds ?? preset.rounds;
  const isOpen = minutes !== undefined || halfWidth !== undefined;
  const addsRounds = isOpen || (rounds === undefined && preset.minutes !== undefined);
  const timeMs = minutes ?? (rounds === undefined ? preset.minutes : undefined) ?? unlimited;
  // A slow run is not repeated if its figure has no interval and may not be cited.
  const isCited = roundsMin >= citableRoundsMin;
  return {
    roundsMin,
    roundsMax: addsRounds ? Math.max(roundsMin, citableRoundsMin) * roundsMaxFactor : roundsMin,
    halfWidthMax: (halfWidth ?? halfWidthPercentDefault) / 100,
    repeatsMax: isCited ? roundsMin : 0,
    timeMsMax: timeMs * 60_000,
  };
}

/**
 * Returns the times of a preset with those that were asked for. A time to measure that was asked for is
 * the time of each run, whatever its number of operations.
 */
export function timesOf(
  preset: Preset,
  settings: Pick<Settings, 'measureMs' | 'warmUpMs' | 'warmUpOperations'>,
): Resolved['times'] {
  const { measureMs = preset.measureMs } = settings;
  const isSaid = settings.measureMs !== undefined;
  return {
    measureMs,
    measureOperations: isSaid ? 1 : preset.measureOperations,
    measureMsMax: isSaid ? measureMs : Math.max(measureMs, preset.measureMsMax),
    warmUpOperationsMin: settings.warmUpOperations ?? preset.warmUpOperationsMin,
    warmUpMsMax: settings.warmUpMs ?? preset.warmUpMsMax,
  };
}

function questionsOf(preset: Preset, settings: Settings): readonly PresetQuestion[] {
  const lanes = settings.lanes && [...new Set(settings.lanes.map(checkLane))];
  const names = settings.scenarios?.flatMap(scenariosNamed);
  const asked = names ?? preset.questions.map(({ scenario }) => scenario);
  const lanesOf = (wanted: string) => [
    ...new Set(
      preset.questions.filter(({ scenario }) => scenario === wanted).flatMap((one) => one.lanes),
    ),
  ];
  return [...new Set(asked)].flatMap((scenario): readonly PresetQuestion[] => {
    const ofPreset = preset.questions.filter((question) => question.scenario === scenario);
    if (lanes === undefined && settings.placements === undefined && ofPreset.length > 0) {
      // Every scenario gets exactly the rounds that were asked for.
      if (settings.rounds === undefined) return ofPreset;
      return ofPreset.map(({ rounds: _, ...question }) => question);
    }
    const [own, fallback] = [lanesOf(scenario), lanesOf('latency-1')];
    const those = lanes ?? (own.length > 0 ? own : fallback);
    const only = settings.placements === undefined ? placementsOf(ofPreset) : undefined;
    return [
      {
        scenario,
        lanes: those.length > 0 ? those : laneNames,
        ...(only === undefined ? {} : { placements: only }),
      },
    ];
  });
}

/** Returns the placements in which a preset measures a scenario; undefined for all of them. */
function placementsOf(questions: readonly PresetQuestion[]): readonly Placement[] | undefined {
  if (questions.length === 0 || questions.some(({ placements }) => placements === undefined)) {
    return undefined;
  }
  return [...new Set(questions.flatMap(({ placements }) => placements ?? []))];
}

function checkLane(name: string): string {
  if (laneNames.includes(name)) return name;
  throw new SettingsError(`there is no lane ${name}; there are: ${laneNames.join(', ')}`);
}

/** Returns the scenarios of a name, which is that of a scenario or of a family. */
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
