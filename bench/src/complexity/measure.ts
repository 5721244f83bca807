import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assignFiles } from './assignment.ts';
import { countClauses, protocolPath } from './clauses.ts';
import { countProto } from './counting/proto.ts';
import { sumUp } from './counting/sum.ts';
import { countTypeScript } from './counting/typescript.ts';
import { entries, measureLeaning } from './leaning/leaning.ts';
import { type Role, roles } from './roles.ts';
import type { ComplexityReport, CountedFile } from './schema.ts';
import { needs, ways } from './ways.ts';

/**
 * Counts the size and the branching of the code that each transport needs, and of its dependencies.
 *
 * Takes about two seconds, since it loads the code of others in processes of their own.
 *
 * @param root of the repository, with its dependencies installed
 * @throws Error when a file cannot be parsed, a package cannot be loaded or is not installed
 */
export async function measureComplexity(root: string): Promise<ComplexityReport> {
  const { files: assigned, misassigned } = await assignFiles(root, roles);
  const files: CountedFile[] = [];
  for (const { path, role } of assigned) {
    files.push(countFile(path, role, await readFile(join(root, path), 'utf8')));
  }
  const leaning: ComplexityReport['leaning'] = [];
  for (const entry of entries) leaning.push(await measureLeaning(root, entry));
  return {
    files,
    roles: roles.map(({ folders: _, mode = null, ...role }) => ({
      ...role,
      mode,
      ...sumUp(files.filter((file) => file.role === role.id)),
    })),
    ways: ways.map((way) => {
      const needed = roles.filter((role) => needs(way, role)).map(({ id }) => id);
      const { id, title, transport } = way;
      const size = sumUp(files.filter((file) => needed.includes(file.role)));
      return { id, title, transport, roles: needed, ...size };
    }),
    protocol: countClauses(await readFile(join(root, protocolPath), 'utf8')),
    leaning,
    misassigned,
  };
}

function countFile(path: string, role: Role, text: string): CountedFile {
  const place = { path, role: role.id };
  return path.endsWith('.proto')
    ? { ...place, language: 'proto', ...countProto(path, text) }
    : { ...place, language: 'typescript', ...countTypeScript(path, text) };
}
