import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

/**
 * The number that a package's source gives a name, as a constant or as a member of its defaults:
 * `requestsPerTurnMax = 32`, `drainTimeoutMs: 60_000`, `bytesMax = 64 * 1024`. Undefined when it gives
 * none, or different ones in different places.
 *
 * @param name exported or not; the file may be any, so that a document need not say which
 */
export function constantOf(packageName: string, name: string): number | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const given = new RegExp(`\\b${name}(?:: | = )([\\d_]+(?: \\* [\\d_]+)*)(?:[,;]| })`, 'g');
  const files = globSync('src/**/*.ts', { cwd: join(packages, packageName) });
  const values = files
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(packages, packageName, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(given)].map(([, product = '']) => productOf(product)));
  const [value, ...others] = new Set(values);
  return others.length > 0 ? undefined : value;
}

function productOf(text: string): number {
  return text
    .split(' * ')
    .map((factor) => Number(factor.replaceAll('_', '')))
    .reduce((product, factor) => product * factor, 1);
}
