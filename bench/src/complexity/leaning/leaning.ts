import { join } from 'node:path';
import type { Leaning, ThirdParty } from '../schema.ts';
import {
  type InstalledPackage,
  installedFor,
  javaScriptIn,
  sizeOf,
  sumOfSizes,
} from './installed.ts';
import { type LoadedModules, modulesLoadedBy, packageOf } from './loaded.ts';

type Entry = Pick<Leaning, 'transport' | 'part'> & { readonly folder: string };

/** The packages whose users have a transport. */
export const entries: readonly Entry[] = [
  { transport: 'sockets', part: 'client', folder: 'packages/socket-client' },
  { transport: 'sockets', part: 'server', folder: 'packages/socket-server' },
  { transport: 'grpc', part: 'client', folder: 'packages/grpc-client' },
  { transport: 'grpc', part: 'server', folder: 'packages/grpc-server' },
];

/** Measures what a client or a server depends on: the packages that are not ours, and the modules of Node.js. */
export async function measureLeaning(root: string, entry: Entry): Promise<Leaning> {
  const { transport, part } = entry;
  const folder = join(root, entry.folder);
  const installed = await installedFor(folder);
  const loaded = await modulesLoadedBy(join(folder, 'src/index.ts'));
  const owners = new Map(
    loaded.files
      .filter((path) => /\.(js|cjs|mjs)$/.test(path))
      .map((path) => [path, packageOf(path, installed)]),
  );
  const packages = installed.filter(({ own }) => !own).map((each) => measurePackage(each, owners));
  packages.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  return {
    transport,
    part,
    entry: installed[0]?.name ?? entry.folder,
    builtIns: builtInsOf(loaded, installed),
    packages,
    packagesInstalled: packages.length,
    packagesLoaded: packages.filter(({ loaded }) => loaded.files > 0).length,
    installed: sumOfSizes(packages.map(({ installed }) => installed)),
    loaded: sumOfSizes(packages.map(({ loaded }) => loaded)),
  };
}

/** @param owners the package of each file that is loaded */
function measurePackage(
  each: InstalledPackage,
  owners: ReadonlyMap<string, InstalledPackage | undefined>,
): ThirdParty {
  const files = [...owners].filter(([, owner]) => owner === each).map(([path]) => path);
  return {
    name: each.name,
    version: each.version,
    direct: each.direct,
    installed: javaScriptIn(each.folder),
    loaded: sizeOf(files),
  };
}

function builtInsOf(
  { builtIns }: LoadedModules,
  installed: readonly InstalledPackage[],
): Leaning['builtIns'] {
  return [...builtIns]
    .map(([name, files]) => ({ name, importedBy: importers(files, installed) }))
    .toSorted((a, b) => compare(a.name, b.name));
}

function importers(files: ReadonlySet<string>, installed: readonly InstalledPackage[]): string[] {
  const packages = [...files].flatMap((path) => packageOf(path, installed) ?? []);
  const sorted = packages.toSorted(
    (a, b) => Number(b.own) - Number(a.own) || compare(a.name, b.name),
  );
  return [...new Set(sorted.map(({ name }) => name))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
