import { citation } from '../src/citations/citations.ts';

const named = /\b(?:HTTP\/|ISO |RFC |TLS |IPv|clauses? |decision )\d+(?:\.\d+)?/g;
const isoDate = /\b20\d\d-\d\d-\d\d\b/;

/**
 * Returns the numbers of a document without a source: neither cited nor in code, a link, a heading, a
 * comment, a date nor the name of a standard, a clause or a decision.
 *
 * @param known numbers that are names or settings rather than findings, as they are written
 */
export function uncited(markdown: string, known: readonly string[]): string[] {
  const prose = markdown
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(citation, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^(?:#.*$|\d+\. )/gm, '')
    .replaceAll(named, '')
    .replaceAll(new RegExp(isoDate, 'g'), '');
  const numbers = prose.match(/(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d/g) ?? [];
  return numbers.filter((number) => !known.includes(number));
}

/**
 * Does as {@link uncited}, but accepts numbers with a command and a date of their measurement. These
 * stand in the paragraph, or in the first one of its section. Or the date stands in the introduction of
 * the chapter, and a command of `pnpm` in the section.
 */
export function unvouched(markdown: string, known: readonly string[]): string[] {
  return markdown.split(/^(?=## )/m).flatMap((chapter) => {
    const [introduction = '', ...sections] = chapter.split(/^(?=### )/m);
    const dated = isDated(introduction);
    return [introduction, ...sections].flatMap((section) => {
      if (isMeasured(section.split(/\n{2,}/)[1] ?? '')) return [];
      if (dated && hasCommand(section)) return [];
      const paragraphs = section.split(/\n{2,}/).filter((paragraph) => !isMeasured(paragraph));
      return uncited(paragraphs.join('\n\n'), known);
    });
  });
}

function isMeasured(paragraph: string): boolean {
  return isDated(paragraph) && /`[^`]+ [^`]+`/.test(paragraph);
}

function hasCommand(section: string): boolean {
  return /[`\n](?:\w+="[^"`]*" )?pnpm [a-z-]/.test(section);
}

function isDated(text: string): boolean {
  return isoDate.test(text.replace(/\]\([^)]*\)/g, ''));
}
