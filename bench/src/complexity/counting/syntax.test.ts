import { describe, expect, it } from 'vitest';
import { countTypeScript, noBranches } from './typescript.ts';

const count = (text: string) => countTypeScript('snippet.ts', text);
const branchesOf = (text: string) => count(text).branches;
const complexityOf = (text: string) =>
  Object.fromEntries(count(text).functions.map(({ name, cyclomatic }) => [name, cyclomatic]));

describe('what is a branch', () => {
  it.each([
    ['if (a) b();', { if: 1 }],
    ['if (a) b(); else c();', { if: 1 }],
    ['if (a) b(); else if (c) d(); else e();', { if: 2 }],
    ['for (let i = 0; i < 9; i++) f(i);', { loop: 1 }],
    ['for (const a of b) f(a);', { loop: 1 }],
    ['for await (const a of b) f(a);', { loop: 1 }],
    ['for (const a in b) f(a);', { loop: 1 }],
    ['while (a) b();', { loop: 1 }],
    ['do b(); while (a);', { loop: 1 }],
    ['for (;;) break;', { loop: 1 }],
    ['switch (a) { case 1: case 2: b(); break; default: c(); }', { case: 2 }],
    ['switch (a) {}', {}],
    ['try { a(); } catch { b(); } finally { c(); }', { catch: 1 }],
    ['try { a(); } finally { c(); }', {}],
    ['x = a ? b : c ? d : e;', { conditional: 2 }],
    ['x = a && b && c;', { and: 2 }],
    ['x = a || b;', { or: 1 }],
    ['x = a ?? b;', { nullish: 1 }],
    ['a &&= b; a ||= b; a ??= b;', { and: 1, or: 1, nullish: 1 }],
    ['x = a?.b?.(c)?.[d].e;', { optionalChain: 3 }],
    ['function f(a = 1, { b = 2, c } = {}) {}', { defaultValue: 3 }],
    ['const [a = 1] = b; ({ c = 2 } = d);', { defaultValue: 2 }],
    ['throw a; ', {}],
    ['x = a & b | c; x += 1; x = !a; x = a.b(c);', {}],
  ])('%s', (text, expected) => {
    expect(branchesOf(text)).toEqual({ ...noBranches(), ...expected });
  });

  it('does not count types as code', () => {
    const text = `
      type A<T> = T extends string ? 1 : T extends number ? 2 : 3;
      interface B { readonly a?: string; b?(c?: number): void }
      function f(this: B, a?: string): asserts a is string;
      function f(a?: string) { return (a as A<string> | undefined)! satisfies unknown; }
    `;
    expect(branchesOf(text)).toEqual(noBranches());
    expect(count(text).typeDeclarations).toBe(2);
    expect(complexityOf(text)).toEqual({ f: 1 });
  });
});

describe('cyclomatic complexity', () => {
  it('is one more than the branches of a function', () => {
    expect(complexityOf('function f() {}')).toEqual({ f: 1 });
    expect(complexityOf('function f(a) { if (a && a.b) for (const c of a) c?.(); }')).toEqual({
      f: 5,
    });
  });

  it('leaves the branches of an inner function to the inner function', () => {
    const text = `
      function outer(a) {
        if (a) return;
        const inner = (b) => b ? () => b || a : function () { while (b) b--; };
        return inner;
      }`;
    expect(count(text).functions).toEqual([
      { name: 'outer', line: 2, cyclomatic: 2 },
      { name: 'inner', line: 4, cyclomatic: 2 },
      { name: '(anonymous)', line: 4, cyclomatic: 2 },
      { name: '(anonymous)', line: 4, cyclomatic: 2 },
    ]);
  });

  it('sees every way of writing a function, and gives it its usual name', () => {
    const text = `
      const arrow = async () => {};
      const expression = function* () {};
      const named = function itself() {};
      const object = { method() {}, get size() { return 1; }, held: () => 1, 'quoted-one': () => 2 };
      class A {
        field = () => 1;
        #hidden = () => 1;
        constructor() { this.later = () => 1; }
        method() {}
        #secret() {}
        static get size() { return 1; }
        set size(to) {}
        [Symbol.iterator]() {}
      }
      export default () => 1;
      run(() => 1);
    `;
    expect(count(text).functions.map(({ name }) => name)).toEqual([
      ...['arrow', 'expression', 'itself', 'method', 'get size', 'held', 'quoted-one'],
      ...['field', '#hidden', 'constructor', 'later', 'method', '#secret', 'get size', 'set size'],
      ...['(computed)', 'default', '(anonymous)'],
    ]);
  });

  it('counts no overload and no abstract method: they run nothing', () => {
    const text = `
      function f(a: string): void;
      function f(a: number): void;
      function f(a: unknown) {}
      declare function g(): void;
      abstract class A { abstract h(): void; i?(): void }
    `;
    expect(complexityOf(text)).toEqual({ f: 1 });
  });

  it('keeps the branches of modules and of class initializers out of the functions', () => {
    const text = `
      const a = b ?? c;
      function f() {
        return class {
          field = a || b;
          static { if (a) b(); }
          [a ? 'b' : 'c']() {}
          method(d = a && b) {}
        };
      }`;
    const { functions, branchesOutsideFunctions } = count(text);
    // The name of a method is computed where the class stands: in f.
    expect(functions.map(({ cyclomatic }) => cyclomatic)).toEqual([2, 1, 3]);
    expect(branchesOutsideFunctions).toBe(3);
  });
});

describe('what is a statement', () => {
  it.each([
    ['a(); b();', 2],
    ['if (a) { b(); } else { c(); }', 3],
    ['for (let i = 0; i < 9; i++) { a(); }', 2],
    ['for (const a of b) { c(a); }', 2],
    ['for (const a in b) c(a);', 2],
    ['switch (a) { case 1: b(); break; default: }', 3],
    ['try { a(); } catch { b(); } finally { c(); }', 4],
    ['outer: while (a) { continue outer; }', 2],
    ['{ ; ; }', 0],
    ['function f() { return 1; }', 2],
    ['const f = () => 1;', 1],
    ['class A { a = 1; b() { c(); } }', 2],
    ["import a from 'a'; import type b from 'b'; import 'c';", 2],
    ["export { a } from 'a'; export * from 'b'; export type { c } from 'c';", 2],
    ['export const a = 1; export function f() {} export class A {}', 3],
    ['export default a;', 1],
    ['export default function () {}', 1],
    [
      'type A = 1; interface B {} export type C = 2; declare const d: 1; declare function e(): 1;',
      0,
    ],
  ])('%s: %i', (text, expected) => {
    expect(count(text).statements).toBe(expected);
  });
});
