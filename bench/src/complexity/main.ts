import { root } from '../root.ts';
import { measureComplexity, renderComplexity } from './index.ts';

/** Prints the size and branching of what each transport needs. */
export async function complexity(options: { json?: boolean }): Promise<void> {
  process.chdir(root);
  const report = await measureComplexity(root);
  process.stdout.write(
    options.json ? `${JSON.stringify(report, null, 2)}\n` : renderComplexity(report),
  );
}
