import type { Placements } from '../rig/machine/placement.ts';
import type { Plan } from '../rig/rounds/plan.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Settings, SettingsError } from './settings-schema.ts';

/**
 * Refuses placements that were asked for by name and that this machine does not have. Nobody has named those
 * of a preset: if the machine has none of them, the run uses the possible ones, and reports it.
 *
 * @throws SettingsError that says why
 */
export function refuseImpossiblePlacements(settings: Settings, here: Placements): void {
  for (const { name, reason } of here.impossible) {
    if (!settings.placements?.includes(name)) continue;
    const possible = here.possible.map((placement) => placement.name).join(', ');
    throw new SettingsError(`${name} cannot be done here: ${reason}; what can: ${possible}`);
  }
}

/**
 * Refuses lanes and scenarios that were asked for by name when nothing of them can be measured.
 *
 * @throws SettingsError that says why
 */
export function refuseUnmeasured(settings: Settings, { cells, skipped }: Plan): void {
  for (const name of settings.lanes ?? []) {
    if (cells.some(({ lane }) => lane.name === name)) continue;
    const reasons = skipped.filter(({ lane }) => lane === name).map(({ reason }) => reason);
    throw nothingOf(`the lane ${name}`, reasons);
  }
  for (const name of settings.scenarios ?? []) {
    const named = scenarios.filter(({ name: own, family }) => own === name || family === name);
    const names = named.map(({ name: own }) => own);
    if (cells.some(({ scenario }) => names.includes(scenario.name))) continue;
    const reasons = skipped
      .filter(({ scenario }) => names.includes(scenario))
      .map(({ reason }) => reason);
    throw nothingOf(name, reasons);
  }
}

/** Names the placements and the lanes that this machine cannot give, a line for each. */
export function leftOutHere({ skipped, missing }: Plan): string {
  const left = skipped.flatMap(({ placement, reason }) =>
    placement === null ? [] : [`${placement} is left out: ${reason}\n`],
  );
  const lanes = missing.map(({ name, missing: why }) => `${name} is left out: ${why}\n`);
  return [...new Set([...left, ...lanes])].join('');
}

function nothingOf(what: string, reasons: readonly string[]): SettingsError {
  const why = [...new Set(reasons)].join('; ') || 'no scenario asks it anything';
  return new SettingsError(`nothing of ${what} can be measured: ${why}`);
}
