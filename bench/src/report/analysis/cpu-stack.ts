import type { Placement, Report, ReportResult } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';

/** What an operation makes each process compute, on one lane at one placement. */
export interface CpuStack {
  readonly scenario: string;
  readonly placement: Placement;
  readonly lane: string;
  readonly title: string;
  /** Null where there is no such process, or its clock was not read. */
  readonly client: CpuShare | null;
  readonly server: CpuShare | null;
  readonly valid: boolean;
}

/** CPU time for each operation, in microseconds. */
interface CpuShare {
  readonly us: number;
  readonly ci95: readonly [number, number] | null;
}

/** CPU time of client and server, as measured, for each lane and placement of a scenario. */
export function cpuStacks(report: Report, scenario: string): CpuStack[] {
  const index = new ReportIndex(report);
  return index.placements().flatMap((placement) =>
    report.lanes.flatMap(({ name: lane, title }) => {
      const place = { scenario, lane, placement };
      const client = index.result(place, 'client-cpu');
      const server = index.result(place, 'server-cpu');
      if (client === undefined && server === undefined) return [];
      const valid = (client ?? server)?.valid ?? false;
      return [{ ...place, title, client: shareOf(client), server: shareOf(server), valid }];
    }),
  );
}

function shareOf(result: ReportResult | undefined): CpuShare | null {
  return result === undefined ? null : { us: result.value, ci95: result.ci95 };
}
