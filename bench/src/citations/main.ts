import { measureComplexity } from '../complexity/index.ts';
import { root } from '../root.ts';
import { citedWords, citeInto, citingDocuments, readDocument } from './documents.ts';

/** Puts the figures of a report, and of the code as it is, into documents. */
export async function citeIn(documents: string[], { report }: { report?: string }): Promise<void> {
  const paths = documents.length > 0 ? documents : citingDocuments(root);
  // All of them before the code is measured, which takes seconds: a wrong name is soon refused.
  const texts = paths.map((path) => [path, readDocument(path)] as const);
  const code = await measureComplexity(root);
  for (const [path, markdown] of texts) {
    const cited = citeInto(path, markdown, code, report);
    process.stdout.write(citedWords(cited));
    if (cited.refused.length > 0) process.exitCode = 1;
  }
}
