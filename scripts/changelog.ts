const heading = '## Unreleased\n';

/** A release that is about to be made. */
interface Release {
  /** The version, as `major.minor.patch`. [https://semver.org] */
  readonly version: string;
  /** The version before it. */
  readonly earlier: string;
  /** The date, as `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * Returns the changelog in which what is unreleased has a version and a date.
 *
 * @throws {Error} when the version is none, is not a later one, or there is nothing to release
 */
export function released(changelog: string, { version, earlier, today }: Release): string {
  const [before, after] = [numbersOf(earlier), numbersOf(version)];
  const changed = after.findIndex((number, index) => number !== before[index]);
  if (changed === -1 || (after[changed] as number) < (before[changed] as number)) {
    throw new Error(`${version} does not come after ${earlier}. Name a later version.`);
  }
  const start = changelog.indexOf(heading) + heading.length;
  const next = changelog.indexOf('\n## ', start);
  const entries = changelog.slice(start, next === -1 ? undefined : next);
  if (start < heading.length || entries.trim() === '') {
    throw new Error('Nothing is unreleased. Write what has changed into CHANGELOG.md first.');
  }
  return `${changelog.slice(0, start)}\n## ${version} (${today})\n${changelog.slice(start)}`;
}

/** Tells if a text is a version, as `major.minor.patch`. */
export function isVersion(text: string): boolean {
  return /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(text);
}

function numbersOf(version: string): number[] {
  if (!isVersion(version)) throw new Error(`"${version}" is no version. Write it as 1.2.3.`);
  return version.split('.').map(Number);
}
