import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf, readDocument, root } from './document.ts';
import { complaintOf } from './mermaid.ts';

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
const diagrams = documents.flatMap((path) =>
  blocksOf(readDocument(path))
    .filter(({ language }) => language === 'mermaid')
    .map(({ at, lines }) => ({ place: `${path}:${at}`, lines })),
);

it('finds the diagrams', () => {
  const paths = new Set(diagrams.map(({ place }) => place.replace(/:\d+$/, '')));
  expect([...paths].sort()).toEqual(['docs/ARCHITECTURE.md', 'docs/PROTOCOL.md', 'docs/WIRE.md']);
});

it.each(diagrams)('$place can be drawn', ({ lines }) => {
  expect(complaintOf(lines)).toBeUndefined();
});

describe('a diagram that cannot be drawn', () => {
  const talk = ['sequenceDiagram', 'participant a', 'participant b'];

  it.each([
    ['of an unknown kind', ['sequence', 'a->>b: hi'], 'line 1'],
    ['with no arrow', [...talk, 'a b: hi'], 'line 4'],
    ['with an arrow that there is not', [...talk, 'a=>>b: hi'], 'line 4'],
    ['with a message that says nothing', [...talk, 'a->>b:'], 'line 4'],
    ['with a message to nobody', [...talk, 'a->>c: hi'], 'no participant c'],
    ['with a note over nobody', [...talk, 'Note over a,c: hi'], 'no participant c'],
    ['with a participant twice', [...talk, 'participant a as alice'], 'same name'],
    ['with a text that ends early', [...talk, 'a->>b: hi; how are you'], 'line 4'],
    ['with a text that becomes a comment', [...talk, 'a->>b: number #1'], 'line 4'],
    ['with a block that does not end', [...talk, 'loop each turn', 'a->>b: hi'], 'without an end'],
    ['with an end too many', [...talk, 'end'], 'end of no block'],
    ['with an else of nothing', [...talk, 'else otherwise'], 'of no block'],
    ['with an open bracket', ['flowchart LR', 'a[one --> b'], 'line 2'],
    ['with a link to nothing', ['flowchart LR', 'a --> b', 'a -->'], 'line 3'],
    ['with a node called end', ['flowchart LR', 'a --> end'], 'line 2'],
    ['with a direction that there is not', ['flowchart UP', 'a --> b'], 'line 1'],
  ])('is found %s', (_, lines, complaint) => {
    expect(complaintOf(lines)).toContain(complaint);
  });
});
