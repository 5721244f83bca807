import { root } from '../root.ts';
import { citedWords, citeInto, citingDocuments } from './documents.ts';

/** Puts the figures of a report into documents. */
export function citeIn(documents: string[], { report }: { report?: string }): void {
  const paths = documents.length > 0 ? documents : citingDocuments(root);
  for (const path of paths) {
    const cited = citeInto(path, report);
    process.stdout.write(citedWords(cited));
    if (cited.refused.length > 0) process.exitCode = 1;
  }
}
