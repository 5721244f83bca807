import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadReportJsonSchema } from './report.ts';

const committed: object = JSON.parse(
  readFileSync(new URL('../../../load.schema.json', import.meta.url), 'utf8'),
);

it('has a committed JSON Schema: otherwise run bench/scripts/write-report-schema.ts', () => {
  expect(committed).toEqual(JSON.parse(JSON.stringify(loadReportJsonSchema())));
  expect(committed).toMatchObject({ $id: 'urn:tandem:bench:load:1', type: 'object' });
});
