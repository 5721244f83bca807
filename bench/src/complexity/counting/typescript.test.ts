import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTypeScript } from './typescript.ts';

const count = (text: string) => countTypeScript('snippet.ts', text);

describe('lines', () => {
  it('have code, a comment or nothing', () => {
    const text = [
      '#!/usr/bin/env node',
      '// comment',
      '',
      'a(); // code, with a comment behind it',
      '/* comment',
      '',
      '   comment */ b();',
      '/** comment */',
      '   ',
      'c();',
    ];
    expect(count(text.join('\n')).lines).toEqual({ code: 3, comment: 4, blank: 3 });
    expect(count(`${text.join('\r\n')}\r\n`).lines).toEqual({ code: 3, comment: 4, blank: 3 });
  });

  it('do not take text that looks like a comment for one', () => {
    const text = [
      'const a = `',
      '  // not a comment',
      '  /* nor this */ $' + '{b /* but this */ ?? c}',
      '',
      '`;',
      'const d = \'/* no\' + "// no";',
      'const e = /\\/\\/ [/*] no/;',
      'const f = g / 2; // yes',
    ].join('\n');
    expect(count(text).lines).toEqual({ code: 7, comment: 0, blank: 1 });
    expect(count(text).branches.nullish).toBe(1);
  });

  it('have comments in the right place behind characters of more than one unit', () => {
    expect(count("const a = '😀é'; // 😀\n// 😀😀😀\nb();").lines).toEqual({
      code: 2,
      comment: 1,
      blank: 0,
    });
  });

  it('are none in an empty file', () => {
    expect(count('').lines).toEqual({ code: 0, comment: 0, blank: 0 });
  });
});

describe('exports', () => {
  it('are the names that a file declares, and those that it exports from others', () => {
    const text = `
      export const a = 1, { b, c: [d] } = e;
      export function f() {}
      export type G = 1;
      const h = 2;
      export { h, h as i };
      export default class {}
      export { j, type K } from './j.ts';
      export * from './l.ts';
    `;
    expect(count(text)).toMatchObject({ exportedNames: 8, reexportedNames: 3 });
  });
});

describe('a text that is not TypeScript', () => {
  it('is refused, with the name of its file', () => {
    expect(() => countTypeScript('broken.ts', 'if (')).toThrow(/^broken\.ts cannot be counted: /);
  });
});

// Where `·` stands, anything that the language takes for space may stand.
const snippets = [
  'import·{·a·,·type·B·}·from·"c"·;',
  'export·const·d·=·(·e·,·f·=·1·)=>·{·if·(·e·&&·f·)·g·(·)·;·else·h·(·)·;·}·;',
  'function·i·(·)·{·for·(·const·j·of·k·)·{·j·?.·l·(·)·;·}·}',
  'class·M·{·#n·=·o·??·p·;·get·q·(·)·{·return this·.·#n·;·}·static·{·r·(·)·;·}·}',
  'switch·(·s·)·{·case·1·:·t·(·)·;·break·;·default·:·u·||=·2·;·}',
  `try·{·v·(·)·;·}·catch·{·w·=·x·?·\`// \${y·||·z} /* a\`·:·/[/*]/·;·}`,
  'while·(·!·a·)·do·b·(·)·;·while·(·c·)·;',
  'interface D·{·e·?·:·string·}·export·type F·=·D extends·G·?·1·:·2·;',
];

const space = fc.constantFrom(' ', '\n', '\t', '\r\n');
const comment = fc.constantFrom(
  '// if (a && b) return;\n',
  '/* for (;;) c?.d; */',
  '/** `\n * case 1: `\n */',
  '//\n',
);
const filler = fc
  .array(fc.oneof({ weight: 2, arbitrary: space }, comment), { minLength: 1, maxLength: 4 })
  .map((parts) => ` ${parts.join('')} `);

const program = fc.array(fc.constantFrom(...snippets), { minLength: 1, maxLength: 8 });

describe('another layout of the same code', () => {
  it('changes nothing but lines', () => {
    fc.assert(
      fc.property(program, fc.infiniteStream(filler), (chosen, fillers) => {
        const text = chosen.join('·');
        const fill = () => fillers.next().value ?? ' ';
        expect(countWithoutPlaces(text.replaceAll('·', fill))).toEqual(
          countWithoutPlaces(text.replaceAll('·', ' ')),
        );
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });

  it('leaves lines of code as they are when lines without code come between', () => {
    const code = fc.constantFrom(...snippets.map((snippet) => snippet.replaceAll('·', ' ')));
    const comment = fc.constantFrom('// if (a)', '/* b(); */', '// */ c', ' /** `d */ // e');
    const blank = fc.constantFrom('', '  ', '\t');
    fc.assert(
      fc.property(fc.array(code), fc.array(comment), fc.array(blank), fc.nat(), (...drawn) => {
        const [codes, comments, blanks, seed] = drawn;
        const lines = shuffled([...codes, ...comments, ...blanks], seed);
        expect(count(lines.map((line) => `${line}\n`).join('')).lines).toEqual({
          code: codes.length,
          comment: comments.length,
          blank: blanks.length,
        });
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });
});

function countWithoutPlaces(text: string) {
  const { lines: _, functions, ...rest } = count(text);
  return { ...rest, functions: functions.map(({ name, cyclomatic }) => ({ name, cyclomatic })) };
}

/** The same lines in an order that the seed decides. */
function shuffled(lines: readonly string[], seed: number): string[] {
  const keyed = lines.map((line, i) => ({ line, key: ((seed + i) * 2_654_435_761) % 65_537 }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ line }) => line);
}
