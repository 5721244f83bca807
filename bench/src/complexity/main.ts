import { fileURLToPath } from 'node:url';
import { measureComplexity, renderComplexity } from './index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Prints the size and branching of what each transport needs. */
export async function complexity(options: { json?: boolean }): Promise<void> {
  process.chdir(root);
  const report = await measureComplexity(root);
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : renderComplexity(report),
  );
}
