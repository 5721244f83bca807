import type { Command } from 'commander';
import { nearest } from './terminal/commands/nearest.ts';
import { printable } from './terminal/printable.ts';

// Those of tests, which no command reads.
const ours = /^TANDEM_(?!TEST_)/;

/**
 * Says which variables of the environment look like options and are none, a sentence each: misspelt, they
 * would be left out without a word. A variable of another command may be there for that one.
 *
 * @param loaded the commands that are loaded
 * @param loadAll loads all commands; called only for a variable that none of those has
 */
export async function explainUnknownVariables(
  environment: NodeJS.ProcessEnv,
  loaded: readonly Command[],
  loadAll: () => Promise<readonly Command[]>,
): Promise<string[]> {
  const set = Object.keys(environment).filter((name) => ours.test(name));
  const near = variablesOf(loaded);
  if (set.every((name) => near.includes(name))) return [];
  const known = variablesOf(await loadAll());
  return set
    .filter((name) => !known.includes(name))
    .sort()
    .map((name) => explain(name, nearest(name, near) ?? nearest(name, known)));
}

function variablesOf(commands: readonly Command[]): string[] {
  return commands.flatMap(({ options }) => options.flatMap(({ envVar }) => envVar ?? []));
}

function explain(name: string, meant: string | undefined): string {
  const hint = meant === undefined ? '--help lists all of them' : `did you mean ${meant}?`;
  return `The environment variable ${printable(name)} is not a variable of tandem, and has no effect; ${hint}`;
}
