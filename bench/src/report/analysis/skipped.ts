import type { Report } from '../schema/report.ts';

/** The lanes and scenarios that were not asked for one reason. */
export interface SkippedGroup {
  readonly reason: string;
  readonly lanes: readonly string[];
  /** The scenarios, and where they were skipped at one placement alone. */
  readonly where: string;
}

/** Groups what was not asked: lanes that were left out of the same scenarios for the same reason. */
export function skippedGroups({ skipped }: Report): SkippedGroup[] {
  const byLane = Map.groupBy(skipped, ({ lane, reason }) => `${reason}\n${lane}`);
  const alike = Map.groupBy(
    [...byLane.values()].map((group) => ({ ...group[0], where: whereOf(group) })),
    ({ reason, where }) => `${reason}\n${where}`,
  );
  return [...alike.values()].map((group) => ({
    reason: group[0]?.reason ?? '',
    lanes: group.map(({ lane = '' }) => lane),
    where: group[0]?.where ?? '',
  }));
}

/** `idle-1, idle-100; different-cores: latency-1`. */
function whereOf(group: Report['skipped']): string {
  const byPlacement = Map.groupBy(group, ({ placement }) => placement);
  return [...byPlacement]
    .map(([placement, skips]) => {
      const scenarios = skips.map(({ scenario }) => scenario).join(', ');
      return placement === null ? scenarios : `${placement}: ${scenarios}`;
    })
    .join('; ');
}
