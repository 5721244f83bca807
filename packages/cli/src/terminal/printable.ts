const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text that cannot steer the reader's terminal: control characters, direction marks and the like
 * become `\u{1b}`. Everything that a server or a user said passes through here before it is shown;
 * a client refuses such content too, but the last step does not rely on it.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}

/** Tells if a key gave text that can stand in a line. */
export function isPlain(text: string | undefined): text is string {
  return text !== undefined && !/\p{C}/u.test(text);
}
