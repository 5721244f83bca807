import { readFileSync } from 'node:fs';
import { type Content, html, Markup } from './markup.ts';

/** The style of every page, with its colours. */
export const style = new Markup(
  ['colours.css', 'page.css']
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n'),
);

/** The parts of a page that pages do not share. */
interface DocumentParts {
  readonly title: string;
  readonly body: Content;
  /** Rules beside those of every page. */
  readonly ownStyle?: Content;
  /** The class of its body, for its own style. */
  readonly className?: string;
  /** The SHA-256 of its one script, in Base64; without it the page may run none. */
  readonly scriptHash?: string;
}

/** Writes a page that stands alone: it fetches nothing, and may not. */
export function standaloneDocument(parts: DocumentParts): string {
  const { title, body, ownStyle, className, scriptHash } = parts;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${scriptHash && html`; script-src 'sha256-${scriptHash}'`}">
<title>${title}</title>
<style>${style}${ownStyle}</style>
</head>
<body${className && html` class="${className}"`}>
${body}
</body>
</html>
`;
  return page.text;
}
