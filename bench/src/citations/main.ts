import { measureComplexity } from '../complexity/index.ts';
import { root } from '../root.ts';
import { citedWords, citeInto, citingDocuments } from './documents.ts';

/** Puts the figures of a report, and of the code as it is, into documents. */
export async function citeIn(documents: string[], { report }: { report?: string }): Promise<void> {
  const code = await measureComplexity(root);
  const paths = documents.length > 0 ? documents : citingDocuments(root);
  for (const path of paths) {
    const cited = citeInto(path, code, report);
    process.stdout.write(citedWords(cited));
    if (cited.refused.length > 0) process.exitCode = 1;
  }
}
