import { absolutePath } from '@tandem/command';
import { measureComplexity } from '../complexity/index.ts';
import { root } from '../root.ts';
import { citedWords, citeInto, citingDocuments, readDocument, writeCited } from './documents.ts';

/** Puts the figures of a report, and of the code as it is, into documents. */
export async function citeIn(documents: string[], { report }: { report?: string }): Promise<void> {
  // Before the code is measured, which takes seconds: a wrong name is soon refused.
  for (const path of documents) readDocument(path);
  const named = documents.map(absolutePath);
  const newReport = report && absolutePath(report);
  // The working directory may be gone, and to look for files Node.js needs one.
  process.chdir(root);
  const paths = named.length > 0 ? named : citingDocuments(root);
  const code = await measureComplexity(root);
  // All are read before one is written: a document that cannot be cited leaves the others as they were.
  const cited = paths.map((path) => citeInto(path, code, newReport));
  for (const document of cited) {
    await writeCited(document);
    process.stdout.write(citedWords(document));
    if (document.refused.length > 0) process.exitCode = 1;
  }
}
