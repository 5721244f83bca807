import { type Node, type ParseResult, parseSync, visitorKeys } from 'oxc-parser';
import type { Branches, TypeScriptCount } from '../schema.ts';
import { countLines, type Span, splitLines } from './lines.ts';
import {
  branchKinds,
  branchOf,
  functionName,
  isClassInitializer,
  isFunction,
  isStatement,
  isTypeDeclaration,
} from './syntax.ts';

/**
 * Counts the code of one TypeScript file.
 *
 * @param path names the file in errors and for the parser
 * @throws Error when the text is not TypeScript
 */
export function countTypeScript(path: string, text: string): TypeScriptCount {
  const parsed = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${path} cannot be counted: ${error.message}`);

  const code = new CodeCounter(text);
  code.count(parsed.program);
  return {
    lines: countLines(text, commentsOf(parsed)),
    statements: code.statements,
    typeDeclarations: code.typeDeclarations,
    branches: code.branches,
    branchesOutsideFunctions: code.outside.branches,
    functions: code.functions.map(({ name, line, branches }) => ({
      name,
      line,
      cyclomatic: branches + 1,
    })),
    ...countExports(parsed),
  };
}

/** The code whose branches are counted together: a function, or everything outside of functions. */
interface Unit {
  branches: number;
}

class CodeCounter {
  statements = 0;
  typeDeclarations = 0;
  readonly branches = noBranches();
  readonly outside: Unit = { branches: 0 };
  readonly functions: (Unit & { readonly name: string; readonly line: number })[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  count(program: ParseResult['program']): void {
    for (const child of childrenOf(program)) this.#visit(child, program, this.outside);
  }

  #visit(node: Node, parent: Node, around: Unit): void {
    const unit = this.#unitOf(node, parent, around);
    if (isStatement(node, parent)) this.statements++;
    if (isTypeDeclaration(node)) this.typeDeclarations++;
    const branch = branchOf(node);
    if (branch !== undefined) {
      this.branches[branch]++;
      unit.branches++;
    }
    for (const child of childrenOf(node)) this.#visit(child, node, unit);
  }

  #unitOf(node: Node, parent: Node, around: Unit): Unit {
    if (isFunction(node)) {
      const name = functionName(node, parent);
      const line = splitLines(this.#text.slice(0, node.start + 1)).length;
      const unit = { name, line, branches: 0 };
      this.functions.push(unit);
      return unit;
    }
    return isClassInitializer(node, parent) ? this.outside : around;
  }
}

/** Zero for every kind of branch, to which counts are added. */
export function noBranches(): Branches {
  return Object.fromEntries(branchKinds.map((kind) => [kind, 0])) as Branches;
}

function* childrenOf(node: Node): Generator<Node> {
  // The parser's table has the keys of each kind of node; no type has them.
  const fields = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>;
  for (const key of visitorKeys[node.type] ?? []) {
    const child = fields[key];
    if (!Array.isArray(child)) {
      if (child) yield child;
    } else for (const one of child) if (one) yield one;
  }
}

/** The first line of a script for the shell is a comment of the language too (ECMA-262, 12.5). */
function commentsOf({ comments, program }: ParseResult): readonly Span[] {
  return program.hashbang === null ? comments : [program.hashbang, ...comments];
}

function countExports({ module }: ParseResult) {
  const entries = module.staticExports.flatMap((statement) => statement.entries);
  const reexportedNames = entries.filter((entry) => entry.moduleRequest !== null).length;
  return { exportedNames: entries.length - reexportedNames, reexportedNames };
}
