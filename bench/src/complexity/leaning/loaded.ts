import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { InstalledPackage } from './installed.ts';
import type { ModuleImport } from './loaded-modules.ts';

const program = fileURLToPath(new URL('./loaded-modules.ts', import.meta.url));
const timeoutMs = 60_000;

/** The modules that one module loads. */
export interface LoadedModules {
  /** Real paths, each once, the module itself included. */
  readonly files: readonly string[];
  /** Modules of Node, and the paths of the files that import them. */
  readonly builtIns: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Loads a module in a fresh process and returns the modules that this loaded. Types are erased and not
 * among them, nor are modules that would be loaded later, at their first use.
 *
 * @throws Error when it cannot be loaded
 */
export async function modulesLoadedBy(path: string): Promise<LoadedModules> {
  const entry = pathToFileURL(await realpath(path)).href;
  const { stdout } = await promisify(execFile)(process.execPath, [program, entry], {
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = new Set<string>();
  const builtIns = new Map<string, Set<string>>();
  for (const line of stdout.split('\n').filter((line) => line !== '')) {
    const { url, importedBy } = JSON.parse(line) as ModuleImport;
    if (url.startsWith('file:')) files.add(fileURLToPath(url));
    else if (url.startsWith('node:') && importedBy?.startsWith('file:')) {
      builtIns.set(url, (builtIns.get(url) ?? new Set()).add(fileURLToPath(importedBy)));
    }
  }
  return { files: [...files], builtIns };
}

/** The package that a file belongs to: that of the innermost folder. */
export function packageOf(
  path: string,
  packages: readonly InstalledPackage[],
): InstalledPackage | undefined {
  let innermost: InstalledPackage | undefined;
  for (const each of packages) {
    const isDeeper = each.folder.length > (innermost?.folder.length ?? 0);
    if (isDeeper && path.startsWith(each.folder + sep)) innermost = each;
  }
  return innermost;
}
