import { expect } from 'vitest';
import type { Totals } from '../src/report/tally.ts';
import type { RoundReport } from '../src/run/series.ts';
import { soak } from '../src/run/soak.ts';
import { tandemServe } from '../src/server/server-process.ts';

/** Tells if a soak has tested something: each kind of fault happened, and messages were delivered meanwhile. */
function isEnough({ operations, messages, resumed, kills, faults }: Totals): boolean {
  const counts = [...Object.values(operations), messages.accepted / 5, messages.delivered / 5];
  return (
    Math.min(...counts) > 10 &&
    Math.min(resumed, kills.server - 1, kills.clients, Object.keys(faults).length - 5) > 0
  );
}

/**
 * Plays a short plan in both series, and expects `tandem serve` to keep its promises.
 *
 * @param tls true for a server that speaks TLS, as every second client then does
 */
export async function expectPromisesKept(tls: boolean): Promise<void> {
  const enough = new AbortController();
  const reports: RoundReport[] = [];
  const series = () => new Set(reports.map(({ series }) => series));
  const answered = { 'without TLS': false, 'with TLS': !tls };
  const { summary, kept } = await soak({
    command: tandemServe,
    seed: 2,
    minutes: 4,
    clients: 18,
    roundSeconds: 8,
    fromRound: 1,
    tls,
    stopped: enough.signal,
    onRound: (report, totals) => {
      reports.push(report);
      const { operations } = report.history;
      const ids = operations.flatMap(({ id, status }) => (status === undefined ? [] : id));
      answered['without TLS'] ||= ids.some((id) => /^c\d*[02468]l/.test(id));
      answered['with TLS'] ||= ids.some((id) => /^c\d*[13579]l/.test(id));
      // One round of each series is enough, but for a busy machine.
      const isWhole = series().size === 2 && Object.values(answered).every(Boolean);
      if (isWhole && isEnough(totals)) enough.abort();
    },
  });
  expect(summary.violations).toEqual([]);
  expect(summary.troubles).toEqual([]);
  expect(kept).toBeUndefined();
  expect(summary.totals).toSatisfy(isEnough);
  expect(series()).toEqual(new Set(['mortal', 'long-lived']));
  expect(reports.find(({ series }) => series === 'long-lived')?.sample).toMatchObject({
    rssBytes: expect.any(Number),
    heapBytes: expect.any(Number),
    handles: expect.any(Number),
  });
  expect(answered).toEqual({ 'without TLS': true, 'with TLS': true });
}
