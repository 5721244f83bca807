import type { Lane } from '../../lanes/lane.ts';
import type { Placement, Report } from '../../report/schema/report.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { PlacedOn, Placements } from '../machine/placement.ts';
import type { Cell } from './run-cell.ts';

/** The wanted measurements: each scenario on each of its lanes, in each placement. */
export interface Wanted {
  readonly questions: readonly Question[];
  readonly placements: readonly Placement[];
}

/** A scenario and the lanes that it measures. */
interface Question {
  readonly scenario: Scenario;
  readonly lanes: readonly Lane[];
  /** Only these of the wanted placements; all of them by default. */
  readonly placements?: readonly Placement[];
  /** Only so many of the first rounds; all of them by default. */
  readonly rounds?: number;
}

/** The cells that will be measured, and those that cannot be. */
export interface Plan {
  readonly cells: readonly Cell[];
  readonly placements: readonly PlacedOn[];
  readonly skipped: Report['skipped'];
  /** The wanted lanes that cannot run on this machine. */
  readonly missing: readonly Lane[];
}

/** Plans the cells that this machine and these lanes can measure. */
export function makePlan(wanted: Wanted, here: Placements): Plan {
  const found = here.possible.filter(({ name }) => wanted.placements.includes(name));
  // Where none of the wanted placements is possible, the possible ones are better than nothing.
  const placements = found.length > 0 ? found : here.possible;
  const impossible = here.impossible.filter(({ name }) => wanted.placements.includes(name));
  const skipped: Report['skipped'] = [];
  const cells: Cell[] = [];
  for (const { scenario, lanes, placements: only, rounds } of wanted.questions) {
    const asked = ({ name }: { readonly name: Placement }) =>
      only === undefined || only.includes(name) || found.length === 0;
    for (const lane of lanes) {
      const reason = lane.missing ?? reasonAgainst(scenario, lane);
      const skip = (placement: Placement | null, why: string) =>
        skipped.push({ scenario: scenario.name, lane: lane.name, placement, reason: why });
      if (reason !== undefined) {
        skip(null, reason);
        continue;
      }
      for (const { name, reason: why } of impossible.filter(asked)) skip(name, why);
      for (const placement of placements.filter(asked)) {
        cells.push({ scenario, lane, placement, ...(rounds === undefined ? {} : { rounds }) });
      }
    }
  }
  const wantedLanes = new Set(wanted.questions.flatMap(({ lanes }) => lanes));
  const missing = [...wantedLanes].filter((lane) => lane.missing !== undefined);
  return { cells, placements, skipped, missing };
}

function reasonAgainst(scenario: Scenario, lane: Lane): string | undefined {
  if (lane.messagesOnly === true && scenario.isOfMessages !== true) {
    return 'it carries messages, and has nothing else to ask';
  }
  return scenario.notFor(lane);
}

/**
 * The cells of a round, in its order: forwards and backwards in turn (A B, B A, …), so that a drift of the machine
 * falls on all of them alike.
 *
 * @param round from 0
 */
export function orderOf(cells: readonly Cell[], round: number): readonly Cell[] {
  return round % 2 === 0 ? cells : cells.toReversed();
}
