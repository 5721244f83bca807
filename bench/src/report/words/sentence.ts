const list = new Intl.ListFormat('en-GB');

/** Joins parts within a sentence: `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return list.format(parts);
}

/** Gives a text a capital in front. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Writes a title as it stands within a sentence: an abbreviation keeps its capitals. */
export function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** Names a field in words: `noDelay` is `no delay`. */
export function fieldWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
