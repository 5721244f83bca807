// Lists the modules that loading one module loads: `node loaded-modules.ts URL` writes a line of JSON for
// each import, as it happens. It has a process of its own, so that nothing is loaded before.
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** An import of one module by another. */
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
