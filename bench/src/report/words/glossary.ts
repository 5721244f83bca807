import terms from './glossary.json' with { type: 'json' };

/** A word of reports. */
interface Term {
  readonly term: string;
  /** The forms in which it stands in text, as a regular expression. They begin with the word itself. */
  readonly forms: string;
  readonly meaning: string;
}

/** Explains each term to which a report links. */
export const glossary: readonly Term[] = terms;
