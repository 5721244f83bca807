import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

// Debian, the packages of PostgreSQL for Red Hat, Homebrew, Postgres.app.
const usualPlaces: readonly string[] = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/**
 * Returns the directory of PostgreSQL's programs: on the PATH, or else of the highest version where systems
 * have them; undefined where none is installed.
 */
export function findPostgres(
  path = process.env.PATH ?? '',
  places = usualPlaces,
): string | undefined {
  const onPath = path.split(delimiter).filter((directory) => directory !== '');
  const installed = places.flatMap(directoriesAt);
  installed.sort((one, other) => versionOf(other) - versionOf(one));
  for (const directory of [...onPath, ...installed]) {
    const initdb = join(directory, 'initdb');
    if (!existsSync(initdb)) continue;
    // All of its programs are beside the file itself, and not beside a link to it.
    const own = dirname(realpathSync(initdb));
    if (existsSync(join(own, 'postgres'))) return own;
  }
  return undefined;
}

/** Returns the directories that a place may mean, which may have a `*`. Node's own glob needs a working directory. */
function directoriesAt(place: string): string[] {
  const [, above = '', before = '', below = ''] = /^(.*)\/(.*)\*(.*)$/.exec(place) ?? [];
  if (above === '') return [place];
  if (!existsSync(above)) return [];
  const names = readdirSync(above).filter((name) => name.startsWith(before));
  return names.map((name) => join(above, name) + below);
}

function versionOf(directory: string): number {
  return Number(/\d+(?=[^\d]*$)/.exec(directory)?.[0] ?? 0);
}

/**
 * Returns how a program is started that ends with this process, as far as the system can do so.
 *
 * @param flags further ones of setpriv
 */
export function endingWithThis(
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): [string, string[]] {
  if (process.platform !== 'linux') return [program, [...args]];
  return ['setpriv', [...flags, '--pdeathsig', 'KILL', program, ...args]];
}

/** The directory of PostgreSQL's programs; undefined where there is none. */
export const binaries = findPostgres();

/** False where no PostgreSQL is installed: its tests are skipped then, and `.ci/run` installs it. */
export const hasPostgres = binaries !== undefined;

/** True when this process is root, which PostgreSQL refuses to be. */
export const isRoot = process.getuid?.() === 0;

const otherUser = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];

/** Returns how a program of PostgreSQL is started; it ends with this process. */
export function commandOf(program: string, args: readonly string[]): [string, string[]] {
  return endingWithThis(join(binaries ?? '', program), args, isRoot ? otherUser : []);
}
