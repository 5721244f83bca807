import { expect, test } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { noiseTables } from './noise-tables.ts';
import { Footnotes } from './table-data.ts';

test.each([
  [6, 'yes'],
  [3, 'too few rounds to say'],
])('says of a delay that was seen in %i rounds: %s', (rounds, said) => {
  const index = new ReportIndex(sampleReport({ rounds }));
  const table = noiseTables({ index, style: 'brackets', footnotes: new Footnotes() }).at(-1);
  expect(table?.rows.length).toBeGreaterThan(0);
  for (const row of table?.rows ?? []) expect(row.at(-1)).toBe(said);
});
