import type { GlobOptionsWithFileTypes } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, matchesGlob, relative, sep } from 'node:path';
import { countedFolders, type Role, uncountedFiles } from './roles.ts';

/** The role of each file. */
export interface Assignment {
  /** By path. */
  readonly files: readonly { readonly path: string; readonly role: Role }[];
  /** Files without a role, or with more than one. */
  readonly misassigned: { path: string; roles: string[] }[];
}

/** Finds the files of the counted folders and gives each its role. @param root of the repository */
export async function assignFiles(root: string, roles: readonly Role[]): Promise<Assignment> {
  const files: { path: string; role: Role }[] = [];
  const misassigned: Assignment['misassigned'] = [];
  for (const path of await sourceFiles(root)) {
    const [role, ...more] = rolesOf(path, roles);
    if (role !== undefined && more.length === 0 && isCountable(path)) files.push({ path, role });
    else misassigned.push({ path, roles: [role, ...more].flatMap((each) => each?.id ?? []) });
  }
  return { files, misassigned };
}

/**
 * Returns the roles that name the deepest folder of a file; there should be one. A test has a role of
 * tests, and nothing else has.
 *
 * @param path from the root, with `/`
 */
export function rolesOf(path: string, roles: readonly Role[]): Role[] {
  const claims = roles
    .filter(({ part }) => (part === 'tests') === isTest(path))
    .flatMap((role) => role.folders.map((folder) => ({ role, folder })))
    .filter(({ folder }) => `${path}/`.startsWith(`${folder}/`));
  const depth = Math.max(...claims.map(({ folder }) => folder.length));
  return claims.filter(({ folder }) => folder.length === depth).map(({ role }) => role);
}

function isTest(path: string): boolean {
  return /\.test\.ts$|\/test\//.test(path);
}

/** Returns whether there is a counter for such a file. */
function isCountable(path: string): boolean {
  return /\.(ts|proto)$/.test(path);
}

async function sourceFiles(root: string): Promise<string[]> {
  const options: GlobOptionsWithFileTypes = {
    cwd: root,
    withFileTypes: true,
    exclude: ({ name }) => name === 'node_modules' || name.startsWith('.'),
  };
  const paths: string[] = [];
  for await (const entry of glob(`{${countedFolders.join(',')}}/**`, options)) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (entry.isFile() && !matchesAny(path, uncountedFiles)) paths.push(path);
  }
  return paths.sort();
}

function matchesAny(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(path, glob));
}
