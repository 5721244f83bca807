import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { countClauses, explainingSections, protocolGroups, sectionsOf } from './clauses.ts';

const protocol = new URL('../../../docs/PROTOCOL.md', import.meta.url);

describe('sectionsOf', () => {
  it('counts clauses and written lines, and takes no headings from code', () => {
    const text = [
      '# Title',
      'not in a section',
      '## 1. Scope',
      '',
      'text',
      '## 2. Rules',
      '### 2.1 One',
      'text',
      '```text',
      '## 3. Not a section',
      '### 2.9 Not a clause',
      '```',
      '### 2.2 Two',
      '## Appendix',
      '### 2.3 Not of section 2',
    ].join('\n');
    expect(sectionsOf(text)).toEqual([
      { number: '1', clauses: 0, lines: 2 },
      { number: '2', clauses: 2, lines: 8 },
      { number: '', clauses: 0, lines: 2 },
    ]);
  });
});

describe('the protocol', () => {
  it('has only sections that are listed, as binding somebody or as explaining', async () => {
    const sections = sectionsOf(await readFile(protocol, 'utf8')).map(({ number }) => number);
    const known = [...protocolGroups.flatMap(({ sections }) => sections), ...explainingSections];
    expect(sections.toSorted()).toEqual(known.toSorted());
  });

  it('has clauses for each part that it binds', async () => {
    for (const { clauses } of countClauses(await readFile(protocol, 'utf8'))) {
      expect(clauses).toBeGreaterThan(0);
    }
  });
});
