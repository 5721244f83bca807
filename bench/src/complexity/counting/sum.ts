import type { CountedFile, Size } from '../schema.ts';
import { branchKinds } from './syntax.ts';
import { noBranches } from './typescript.ts';

type TypeScriptFile = Extract<CountedFile, { language: 'typescript' }>;
type ProtoFile = Extract<CountedFile, { language: 'proto' }>;
type Declarations = NonNullable<Size['proto']>;
type Cyclomatic = Size['cyclomatic'];

/** McCabe's limit: a more complex function should be split, or have a reason (1976, section VI). */
const cyclomaticLimit = 10;

/** The counts of several files together. */
export function sumUp(files: readonly CountedFile[]): Size {
  const typeScript = files.filter((file): file is TypeScriptFile => file.language === 'typescript');
  const protos = files.filter((file): file is ProtoFile => file.language === 'proto');
  const branches = noBranches();
  for (const kind of branchKinds) branches[kind] = total(typeScript, (file) => file.branches[kind]);
  return {
    files: files.length,
    lines: {
      code: total(files, ({ lines }) => lines.code),
      comment: total(files, ({ lines }) => lines.comment),
      blank: total(files, ({ lines }) => lines.blank),
    },
    statements: total(typeScript, (file) => file.statements),
    typeDeclarations: total(typeScript, (file) => file.typeDeclarations),
    branches,
    branchesTotal: total(Object.values(branches), (number) => number),
    branchesOutsideFunctions: total(typeScript, (file) => file.branchesOutsideFunctions),
    exportedNames: total(typeScript, (file) => file.exportedNames),
    reexportedNames: total(typeScript, (file) => file.reexportedNames),
    cyclomatic: sumUpFunctions(typeScript),
    proto: protos.length === 0 ? null : sumUpProtos(protos),
  };
}

function sumUpFunctions(files: readonly TypeScriptFile[]): Cyclomatic {
  const functions = files
    .flatMap(({ path, functions }) => functions.map((each) => ({ path, ...each })))
    .toSorted((a, b) => a.cyclomatic - b.cyclomatic);
  const values = functions.map(({ cyclomatic }) => cyclomatic);
  const max = values.at(-1);
  const largest = functions.find(({ cyclomatic }) => cyclomatic === max);
  return {
    functions: functions.length,
    sum: total(values, (value) => value),
    median: nearestRank(values, 0.5),
    p90: nearestRank(values, 0.9),
    max: max ?? null,
    maxAt: largest ? `${largest.path}:${largest.line} ${largest.name}` : null,
    above10: values.filter((value) => value > cyclomaticLimit).length,
    histogram: [...new Set(values)].map((cyclomatic) => ({
      cyclomatic,
      functions: values.filter((value) => value === cyclomatic).length,
    })),
  };
}

function sumUpProtos(protos: readonly ProtoFile[]): Declarations {
  return {
    messages: total(protos, (file) => file.messages),
    fields: total(protos, (file) => file.fields),
    oneofs: total(protos, (file) => file.oneofs),
    enums: total(protos, (file) => file.enums),
    enumValues: total(protos, (file) => file.enumValues),
    services: total(protos, (file) => file.services),
    rpcs: total(protos, (file) => file.rpcs),
    streamingRpcs: total(protos, (file) => file.streamingRpcs),
  };
}

/** The smallest value that at least this part of the ascending values does not exceed. */
function nearestRank(ascending: readonly number[], part: number): number | null {
  return ascending[Math.ceil(part * ascending.length) - 1] ?? null;
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
