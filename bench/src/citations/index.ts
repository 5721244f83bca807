export { citedWords, citeInto, citingDocuments } from './documents.ts';
