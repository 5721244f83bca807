import type {
  Placement,
  Report,
  ReportCell,
  ReportLane,
  ReportRatio,
  ReportResult,
} from './report.ts';

/** One cell's place in a report. */
export interface CellPlace {
  readonly scenario: string;
  readonly lane: string;
  readonly placement: Placement;
}

/** The place of a ratio in a report, but for its placement. */
export interface RatioPlace extends Omit<CellPlace, 'placement'> {
  readonly metric: string;
  readonly baseline: string;
}

/** The state of a cell in a report. */
export type CellState =
  | { readonly kind: 'measured'; readonly cell: ReportCell; readonly result: ReportResult }
  /** Nothing that could be shown came of it: no run gave the metric. */
  | { readonly kind: 'empty'; readonly cell: ReportCell }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'absent' };

/** Finds things in a report by what they are about. */
export class ReportIndex {
  readonly report: Report;
  readonly #lanes: ReadonlyMap<string, ReportLane>;
  readonly #cells: ReadonlyMap<string, ReportCell>;
  readonly #results: ReadonlyMap<string, ReportResult>;
  readonly #ratios: ReadonlyMap<string, ReportRatio>;

  constructor(report: Report) {
    this.report = report;
    this.#lanes = new Map(report.lanes.map((lane) => [lane.name, lane]));
    this.#cells = new Map(report.cells.map((cell) => [cellKey(cell), cell]));
    this.#results = new Map(
      report.results.map((result) => [`${cellKey(result)} ${result.metric}`, result]),
    );
    this.#ratios = new Map(
      report.ratios.map((ratio) => [`${cellKey(ratio)} ${ratio.metric} ${ratio.baseline}`, ratio]),
    );
  }

  lane(name: string): ReportLane | undefined {
    return this.#lanes.get(name);
  }

  cell(place: CellPlace): ReportCell | undefined {
    return this.#cells.get(cellKey(place));
  }

  result(place: CellPlace, metric: string): ReportResult | undefined {
    return this.#results.get(`${cellKey(place)} ${metric}`);
  }

  ratio(place: CellPlace, metric: string, baseline: string): ReportRatio | undefined {
    return this.#ratios.get(`${cellKey(place)} ${metric} ${baseline}`);
  }

  /** Returns the result to show of a cell, or the reason for none. */
  state(place: CellPlace, metric: string): CellState {
    const [cell, result] = [this.cell(place), this.result(place, metric)];
    if (cell !== undefined) {
      return result === undefined ? { kind: 'empty', cell } : { kind: 'measured', cell, result };
    }
    const skipped = this.report.skipped.find(
      ({ scenario, lane, placement }) =>
        scenario === place.scenario &&
        lane === place.lane &&
        (placement === null || placement === place.placement),
    );
    return skipped === undefined ? { kind: 'absent' } : { kind: 'skipped', reason: skipped.reason };
  }

  /** The placements that something was measured at, the plainest first. */
  placements(): readonly Placement[] {
    const used = new Set(this.report.cells.map(({ placement }) => placement));
    return placementOrder.filter((placement) => used.has(placement));
  }
}

/** With both processes on one core there is no wake-up across cores to drown what is compared. */
const placementOrder: readonly Placement[] = ['same-core', 'different-cores', 'unpinned'];

/** Names a cell, to find it by. */
export function cellKey({ scenario, lane, placement }: CellPlace): string {
  return `${scenario} ${lane} ${placement}`;
}
