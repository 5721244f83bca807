import { splitLines } from './counting/lines.ts';
import type { Clauses } from './schema.ts';

/** The path of the rules of the chat and of the socket transport. */
export const protocolPath = 'docs/PROTOCOL.md';

type Group = Omit<Clauses, 'clauses' | 'lines'>;

/** The parts that the sections of the protocol bind. gRPC's own rules are comments in its .proto. */
export const protocolGroups: readonly Group[] = [
  { title: 'the chat', transport: 'both', mode: null, sections: ['2', '3', '4', '5'] },
  { title: 'framed dialect', transport: 'sockets', mode: 'framed', sections: ['6'] },
  { title: 'seed dialect', transport: 'sockets', mode: 'seed', sections: ['7'] },
  { title: 'TLS', transport: 'both', mode: null, sections: ['10'] },
];

/** Sections that explain and bind nothing: scope, the cost of a missing length, examples. */
export const explainingSections: readonly string[] = ['1', '8', '9'];

/** A numbered section of a document. */
export interface Section {
  readonly number: string;
  /** Numbered clauses in it. */
  clauses: number;
  /** Lines that are not blank, headings among them. */
  lines: number;
}

/** Counts the clauses of the protocol by the part that they bind. */
export function countClauses(markdown: string): Clauses[] {
  const sections = sectionsOf(markdown);
  return protocolGroups.map((group) => {
    const own = sections.filter(({ number }) => group.sections.includes(number));
    return {
      ...group,
      clauses: own.reduce((sum, section) => sum + section.clauses, 0),
      lines: own.reduce((sum, section) => sum + section.lines, 0),
    };
  });
}

/** The sections `## 1. Title` of a document, with their clauses `### 1.1 Title`. */
export function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = [];
  let fenced = false;
  for (const line of splitLines(markdown)) {
    if (line.startsWith('```')) fenced = !fenced;
    const heading = fenced ? '' : line;
    // A section ends where the next heading of its level begins, numbered or not.
    if (heading.startsWith('## ')) {
      const number = /^## (\d+)\. /.exec(heading)?.[1] ?? '';
      sections.push({ number, clauses: 0, lines: 0 });
    }
    const section = sections.at(-1);
    if (section === undefined) continue;
    if (line.trim() !== '') section.lines++;
    if (heading.startsWith(`### ${section.number}.`)) section.clauses++;
  }
  return sections;
}
