// Writes the JSON Schemas of the lab's reports anew from the schemas that the lab itself checks with.
// Tests say when that is due.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { loadReportJsonSchema } from '../src/load/record/report.ts';
import { reportJsonSchema } from '../src/report/schema/json-schema.ts';

script('write-report-schema', 'Write the JSON Schemas of the reports anew.').parse();
const root = fileURLToPath(new URL('../../', import.meta.url));
const schemas = {
  'bench/report.schema.json': reportJsonSchema(),
  'bench/load.schema.json': loadReportJsonSchema(),
};

for (const [path, schema] of Object.entries(schemas)) {
  writeFileSync(`${root}${path}`, `${JSON.stringify(schema, null, 2)}\n`);
  execFileSync('pnpm', ['exec', 'biome', 'format', '--write', path], {
    cwd: root,
    stdio: 'inherit',
  });
}
