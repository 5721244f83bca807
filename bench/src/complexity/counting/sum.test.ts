import { describe, expect, it } from 'vitest';
import type { CountedFile } from '../schema.ts';
import { countProto } from './proto.ts';
import { sumUp } from './sum.ts';
import { countTypeScript } from './typescript.ts';

const typeScript = (path: string, text: string): CountedFile => ({
  path,
  role: 'a',
  language: 'typescript',
  ...countTypeScript(path, text),
});

/** A function of a given cyclomatic complexity. */
const complex = (name: string, cyclomatic: number) =>
  `export function ${name}() {\n${'if (a) b();\n'.repeat(cyclomatic - 1)}}\n`;

describe('sumUp', () => {
  it('adds up files of both languages', () => {
    const size = sumUp([
      typeScript('a.ts', "// a\n\nexport { b } from './b.ts';\nexport type C = 1;\n"),
      typeScript('b.ts', `export const b = c ?? d;\n${complex('e', 3)}`),
      {
        path: 'a.proto',
        role: 'a',
        language: 'proto',
        ...countProto('a.proto', 'syntax = "proto3";\n// b\nmessage C { bool d = 1; }\n'),
      },
    ]);
    expect(size).toMatchObject({
      files: 3,
      lines: { code: 9, comment: 2, blank: 1 },
      statements: 7,
      typeDeclarations: 1,
      branches: { if: 2, nullish: 1, loop: 0 },
      branchesTotal: 3,
      branchesOutsideFunctions: 1,
      exportedNames: 3,
      reexportedNames: 1,
      proto: { messages: 1, fields: 1, rpcs: 0 },
    });
  });

  it('says how the complexity of functions is distributed, over all files', () => {
    const first = [1, 1, 1, 1, 1, 2, 2].map((cyclomatic, i) => complex(`a${i}`, cyclomatic));
    const second = [3, 4, 11].map((cyclomatic, i) => complex(`b${i}`, cyclomatic));
    const files = [typeScript('b.ts', second.join('')), typeScript('a.ts', first.join(''))];
    expect(sumUp(files).cyclomatic).toEqual({
      functions: 10,
      sum: 27,
      median: 1,
      p90: 4,
      max: 11,
      maxAt: 'b.ts:10 b2',
      above10: 1,
      histogram: [
        { cyclomatic: 1, functions: 5 },
        { cyclomatic: 2, functions: 2 },
        { cyclomatic: 3, functions: 1 },
        { cyclomatic: 4, functions: 1 },
        { cyclomatic: 11, functions: 1 },
      ],
    });
  });

  it('has no complexity where there are no functions', () => {
    const { cyclomatic, proto } = sumUp([typeScript('a.ts', 'a();')]);
    expect(cyclomatic).toMatchObject({
      functions: 0,
      sum: 0,
      median: null,
      max: null,
      maxAt: null,
    });
    expect(proto).toBeNull();
  });
});
