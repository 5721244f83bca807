/** Text that is HTML already: what is put into it by {@link html} was escaped on the way. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The values that {@link html} takes; `undefined` and `false` leave no trace. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/**
 * HTML with values in it. Whatever is not markup itself is escaped, so that no text of a report can
 * become an element or an attribute, wherever it stands between quotes or tags.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    strings.map((text, at) => text + (at < values.length ? rendered(values[at]) : '')).join(''),
  );
}

/** Prose in which `code` stands between backticks. */
export function prose(text: string): Markup {
  const parts = text.split(/`([^`]+)`/);
  return html`${parts.map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** Text with the five characters replaced that mean something to HTML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function rendered(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(rendered).join('');
  return escapeText(String(value));
}
