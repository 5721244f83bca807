// Writes `bench/report.schema.json` anew from the schema that the lab itself checks with. A test says
// when that is due.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportJsonSchema } from '../src/report/schema/json-schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = 'bench/report.schema.json';

writeFileSync(`${root}${path}`, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
execFileSync('pnpm', ['exec', 'biome', 'format', '--write', path], { cwd: root, stdio: 'inherit' });
