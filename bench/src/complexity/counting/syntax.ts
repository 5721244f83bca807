import type { ArrowFunctionExpression, Function as FunctionWithName, Node } from 'oxc-parser';

/**
 * The syntax that makes a branch: each adds 1 to the cyclomatic complexity of the function that it
 * stands in.
 *
 * McCabe counts the decisions of the control flow graph, plus one (A Complexity Measure, 1976); a
 * decision with a compound condition counts once for each of its conditions (his section IV). The
 * list is that of ESLint's `complexity` rule, variant `classic`: everything that can skip code in its
 * place. So `?.` is a branch, as the `if` that it abbreviates would be, and so is a default value,
 * which is evaluated only for `undefined`. `default:`, `else` and `finally` are not branches:
 * another branch has decided before them.
 */
export const branchKinds = [
  'if',
  'loop',
  'case',
  'catch',
  'conditional',
  'and',
  'or',
  'nullish',
  'optionalChain',
  'defaultValue',
] as const;

/** A kind of branch, by the name that reports have for it. */
export type BranchKind = (typeof branchKinds)[number];

const operators: Readonly<Record<string, BranchKind>> = {
  '&&': 'and',
  '&&=': 'and',
  '||': 'or',
  '||=': 'or',
  '??': 'nullish',
  '??=': 'nullish',
};

/** The branch that a node is; undefined for one that is none. */
export function branchOf(node: Node): BranchKind | undefined {
  switch (node.type) {
    case 'IfStatement':
      return 'if';
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return 'loop';
    case 'SwitchCase':
      return node.test === null ? undefined : 'case';
    case 'CatchClause':
      return 'catch';
    case 'ConditionalExpression':
      return 'conditional';
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return operators[node.operator];
    case 'MemberExpression':
    case 'CallExpression':
      return node.optional ? 'optionalChain' : undefined;
    case 'AssignmentPattern':
      return 'defaultValue';
    default:
      return undefined;
  }
}

/** A function with a body, however it is written. */
export type FunctionNode = FunctionWithName | ArrowFunctionExpression;

/**
 * Returns whether a node is a function with a body: a declaration, an expression, an arrow, a method, a
 * getter, a setter or a constructor. Overloads and abstract methods have none and run nothing.
 */
export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/**
 * Returns whether a node is a statement that is left when types are erased: a statement, a declaration,
 * an import or an export. Not counted are blocks, empty statements and labels, which do nothing by
 * themselves; the variables in the head of a loop, which are a part of it; an export in front of a
 * declaration, which is counted itself; and types.
 */
export function isStatement(node: Node, parent: Node): boolean {
  switch (node.type) {
    case 'VariableDeclaration':
      return !node.declare && !isLoopHead(node, parent);
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return !node.declare;
    case 'ImportDeclaration':
      return node.importKind !== 'type';
    case 'ExportNamedDeclaration':
      return node.declaration === null && node.exportKind !== 'type';
    case 'ExportDefaultDeclaration':
      return !node.declaration.type.endsWith('Declaration');
    case 'ExportAllDeclaration':
      return node.exportKind !== 'type';
    case 'TSEnumDeclaration':
      return !node.declare;
    case 'BlockStatement':
    case 'EmptyStatement':
    case 'LabeledStatement':
      return false;
    default:
      return node.type.endsWith('Statement');
  }
}

function isLoopHead(node: Node, parent: Node): boolean {
  return (
    (parent.type === 'ForStatement' && parent.init === node) ||
    ((parent.type === 'ForInStatement' || parent.type === 'ForOfStatement') && parent.left === node)
  );
}

/** Returns whether a node is a declaration for the type checker alone: an interface or a type alias. */
export function isTypeDeclaration(node: Node): boolean {
  return node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration';
}

/**
 * Returns whether the code below a node runs apart from the code around it without being a function: a
 * class field's initial value runs with each construction, a static block with the class.
 */
export function isClassInitializer(node: Node, parent: Node): boolean {
  return (
    node.type === 'StaticBlock' ||
    ((parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') &&
      parent.value === node)
  );
}

/** Returns the name of a function: its own, or that of what it is assigned to. */
export function functionName(node: FunctionNode, parent: Node): string {
  if (node.id) return node.id.name;
  switch (parent.type) {
    case 'MethodDefinition':
    case 'Property': {
      const accessor = parent.kind === 'get' || parent.kind === 'set' ? `${parent.kind} ` : '';
      return accessor + memberName(parent);
    }
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return memberName(parent);
    case 'VariableDeclarator':
      return keyName(parent.id);
    case 'AssignmentExpression':
      return keyName(parent.left);
    case 'ExportDefaultDeclaration':
      return 'default';
    default:
      return anonymous;
  }
}

const anonymous = '(anonymous)';

function memberName({ computed, key }: { computed: boolean; key: Node }): string {
  return computed ? '(computed)' : keyName(key);
}

function keyName(key: Node): string {
  switch (key.type) {
    case 'Identifier':
      return key.name;
    case 'PrivateIdentifier':
      return `#${key.name}`;
    case 'Literal':
      return String(key.value);
    case 'MemberExpression':
      return key.computed ? anonymous : keyName(key.property);
    default:
      return anonymous;
  }
}
