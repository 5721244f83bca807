// Says which modules it takes to load one: `node loaded-modules.ts URL` writes a line of JSON for
// each import of another, as it happens. A process of its own, so that nothing is loaded before.
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** That one module asked for another. */
export interface ModuleImport {
  /** `file:` of what was found, or `node:` of a module of Node. */
  readonly url: string;
  readonly importedBy: string | undefined;
}

const [, , entry] = process.argv;
if (entry === undefined) throw new Error('say what to load');

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const { url } = found;
    const line: ModuleImport = { url, importedBy: context.parentURL };
    writeSync(1, `${JSON.stringify(line)}\n`);
    return found;
  },
});

await import(entry);
