import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeSpansOf, readDocument, root } from './document.ts';

const documents = globSync(['*.md', 'docs/*.md', 'docs/decisions/*.md'], { cwd: root });

/** The anchors that a document's headings have, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  const headings = markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

// Documents name a file by its path from the root, or as ARCHITECTURE does, from its package's place.
function isThere(path: string): boolean {
  return ['', 'packages', 'docs', 'bench/src'].some((place) => existsSync(join(root, place, path)));
}

describe.each(documents)('%s', (path) => {
  const markdown = readDocument(path);

  it('links to files and headings that exist', () => {
    for (const [link, file = '', anchor] of markdown.matchAll(
      /\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g,
    )) {
      const target = file === '' ? path : join(dirname(path), file);
      expect(existsSync(join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(readDocument(target)), link).toContain(anchor);
    }
  });

  it('names files that exist', () => {
    // A changelog and a decision name what there was.
    if (path === 'CHANGELOG.md' || path.includes('decisions/')) return;
    const files = codeSpansOf(markdown).filter((code) =>
      /^[\w-]+(?:\/[\w.-]+)+\.(?:ts|js|proto|md|json|py)$/.test(code),
    );
    expect(files.filter((file) => !isThere(file))).toEqual([]);
  });
});

it('numbers the decisions one after the other, in their names and titles', () => {
  const decisions = documents.filter((path) => path.includes('decisions/')).toSorted();
  const numbers = decisions.map((_path, index) => index + 1);
  expect(decisions.map((path) => Number(/\/(\d{4})-/.exec(path)?.[1]))).toEqual(numbers);
  expect(decisions.map((path) => Number(/^# (\d+)\. /.exec(readDocument(path))?.[1]))).toEqual(
    numbers,
  );
});

it('has each heading of a document once', () => {
  for (const path of documents) {
    const headings = anchorsOf(readDocument(path));
    if (path !== 'CHANGELOG.md') expect(headings, path).toEqual([...new Set(headings)]);
  }
});
