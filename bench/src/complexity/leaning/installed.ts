import { existsSync, globSync, readFileSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countWrittenLines } from '../counting/lines.ts';
import type { JavaScriptSize } from '../schema.ts';

/** A package on the disk. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real folder. */
  readonly folder: string;
  /** It is a part of this repository. */
  readonly own: boolean;
  /** A package of this repository, or the one that was asked about, depends on it. */
  readonly direct: boolean;
}

/**
 * Returns every package that is installed for one to run, itself included: its dependencies and theirs,
 * optional and peer ones where they are present. It reads the folders, so the result is what is there.
 *
 * @param folder of the package; a package that resolves to outside a `node_modules` is our own
 * @throws Error when a dependency is not installed
 */
export async function installedFor(folder: string): Promise<InstalledPackage[]> {
  const found = new Map<string, InstalledPackage>();
  const toVisit = [{ folder: await realpath(folder), direct: true }];
  for (const { folder, direct } of toVisit) {
    const known = found.get(folder);
    if (known !== undefined) {
      if (direct) found.set(folder, { ...known, direct });
      continue;
    }
    const manifest = await readManifest(folder);
    const own = !/[\\/]node_modules[\\/]/.test(folder);
    found.set(folder, { name: manifest.name, version: manifest.version, folder, own, direct });
    for (const dependency of await dependenciesOf(folder, manifest)) {
      toVisit.push({ folder: dependency, direct: own });
    }
  }
  return [...found.values()];
}

/** The JavaScript in the folder of a package, not that of packages within it. */
export function javaScriptIn(folder: string): JavaScriptSize {
  const exclude = (path: string) => /(^|[\\/])node_modules$/.test(path);
  const paths = globSync('**/*.{js,cjs,mjs}', { cwd: folder, exclude });
  return sizeOf(paths.map((path) => join(folder, path)));
}

/** The size of some JavaScript files. Each is read at once: thousands of promises take three times as long. */
export function sizeOf(paths: readonly string[]): JavaScriptSize {
  const size = { files: 0, bytes: 0, lines: 0 };
  for (const path of paths) {
    const content = readFileSync(path);
    size.files++;
    size.bytes += content.length;
    size.lines += countWrittenLines(content.toString('utf8'));
  }
  return size;
}

/** Some sizes together. */
export function sumOfSizes(sizes: readonly JavaScriptSize[]): JavaScriptSize {
  const sum = { files: 0, bytes: 0, lines: 0 };
  for (const { files, bytes, lines } of sizes) {
    sum.files += files;
    sum.bytes += bytes;
    sum.lines += lines;
  }
  return sum;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function dependenciesOf(folder: string, manifest: Manifest): Promise<string[]> {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  const folders: string[] = [];
  for (const name of Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
  })) {
    const dependency = locate(name, folder);
    if (dependency !== undefined) folders.push(await realpath(dependency));
    // npm lists an optional dependency under both names.
    else if (name in dependencies && !(name in optionalDependencies)) {
      throw new Error(
        `${manifest.name} needs ${name}, which is not installed: run \`pnpm install\``,
      );
    }
  }
  return folders;
}

/** Finds a package as Node.js does: in the nearest `node_modules` that has it. */
function locate(name: string, from: string): string | undefined {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(join(candidate, 'package.json'))) return candidate;
  const parent = dirname(from);
  return parent === from ? undefined : locate(name, parent);
}
