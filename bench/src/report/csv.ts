import type { Report } from './schema/report.ts';

const head = [
  ...['scenario', 'lane', 'placement', 'round', 'metric', 'unit', 'value'],
  ...['valid', 'steady', 'slow', 'disturbed'],
];

/**
 * Renders every run of a report as CSV (RFC 4180): a row for each run and metric. A field is empty
 * where it is not known.
 */
export function renderCsv({ cells, scenarios }: Report): string {
  const units = new Map(
    scenarios.flatMap(({ name: scenario, metrics }) =>
      metrics.map(({ name, unit }) => [`${scenario} ${name}`, unit] as const),
    ),
  );
  const rows = cells.flatMap(({ scenario, lane, placement, runs }) =>
    runs.flatMap(({ round, values, valid, steady, slow, disturbance }) =>
      Object.entries(values).map(([metric, value]) => [
        ...[scenario, lane, placement, round, metric],
        ...[units.get(`${scenario} ${metric}`), value],
        ...[valid, steady, slow, disturbance?.disturbed],
      ]),
    ),
  );
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
