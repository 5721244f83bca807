import { expect, test } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { analyse } from '../analysis/analyse.ts';
import type { Report } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { Footnotes } from './table-data.ts';
import { tlsTables } from './tls-tables.ts';

const plain = sampleReport();

/** The sample, with sockets over TLS as well, at so many times the latency. */
function withTls(times: number): Report {
  const [name, base] = ['sockets-framed-tls', 'sockets-framed'];
  const lanes = plain.lanes.flatMap((lane) =>
    lane.name === base ? [lane, { ...lane, name, baselines: [base] }] : [lane],
  );
  const secured = plain.cells
    .filter(({ lane, scenario }) => lane === base && scenario !== 'set-up')
    .map((cell) => ({
      ...cell,
      lane: name,
      runs: cell.runs.map((run) => {
        const values = Object.entries(run.values).map(([metric, value]) => [metric, value * times]);
        return { ...run, values: Object.fromEntries(values) as Record<string, number> };
      }),
    }));
  const cells = [...plain.cells, ...secured];
  const wire = plain.wire && {
    ...plain.wire,
    entries: plain.wire.entries.flatMap((entry) =>
      entry.tls ? [] : [entry, { ...entry, tls: true, total: { sent: 100, received: 200 } }],
    ),
  };
  const { scenarios } = plain;
  return { ...plain, lanes, cells, wire, ...analyse({ cells, lanes, scenarios, injectedUs: {} }) };
}

function tablesOf(report: Report) {
  const index = new ReportIndex(report);
  return tlsTables({ index, style: 'brackets', footnotes: new Footnotes() });
}

test('sets each lane over TLS beside the one without, with how many times as much it takes', () => {
  const [operations] = tablesOf(withTls(1.5));
  const row = operations?.rows.find(([name]) => name?.includes('one search at a time, one core'));

  expect(row?.[0]).toBe('sockets, framed: one search at a time, one core');
  expect(row?.[3]).toMatch(/^1\.50 \[1\.50, 1\.50\]$/);
});

test('shows handshakes beside the set-up without TLS, and bytes with and without', () => {
  const [, setUps, bytes] = tablesOf(withTls(1.5));

  expect(setUps?.rows.map((row) => row.every((cell) => cell !== ''))).toEqual([true, true]);
  expect(bytes?.rows.map(([name, , secured]) => [name, secured])).toEqual([
    ['sockets, framed: a search', '300'],
    ['sockets, framed: opening the connection', '300'],
  ]);
});

test('has no tables of a report without TLS', () => {
  expect(tablesOf(plain)).toEqual([]);
});
