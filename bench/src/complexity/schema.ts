import { z } from 'zod';
import { branchKinds } from './counting/syntax.ts';

const count = z.int().nonnegative();
const bytes = count.describe('bytes');
const text = z.string();
const transport = z.enum(['sockets', 'grpc']);
const transportOrBoth = z.enum(['sockets', 'grpc', 'both']);
const mode = z.enum(['framed', 'seed', 'converse', 'unary', 'discovery']).nullable();

const lines = z
  .strictObject({
    code: count.describe('lines with code on them, whatever comment stands beside it'),
    comment: count.describe('lines with a comment and no code'),
    blank: count.describe('lines with white space only, within comments and literals too'),
  })
  .describe('lines of text, each counted once');

const branches = z
  .record(z.enum(branchKinds), count)
  .describe('branches by kind; `&&=`, `||=` and `??=` are of the kind of their operator');

const code = {
  lines,
  statements: count.describe(
    'statements, declarations, imports and exports that are left when types are erased; blocks, ' +
      'labels and the variables in the head of a loop are none',
  ),
  typeDeclarations: count.describe('interfaces and type aliases'),
  branches,
  branchesOutsideFunctions: count.describe('of modules and class initializers'),
  exportedNames: count.describe('names that files declare and export, types among them'),
  reexportedNames: count.describe('names that files export from others; `export *` is one'),
};

const functionCount = z.strictObject({
  name: text.describe('its own name, or the name of what it is assigned to'),
  line: z.int().positive().describe('where it begins; the first line is 1'),
  cyclomatic: z
    .int()
    .positive()
    .describe('its branches plus one; those of functions within it are their own (McCabe 1976)'),
});

const typeScript = {
  ...code,
  functions: z.array(functionCount).describe('in the order of the text'),
};

const declarations = {
  messages: count,
  fields: count.describe('of messages, members of a oneof among them'),
  oneofs: count,
  enums: count,
  enumValues: count,
  services: count,
  rpcs: count,
  streamingRpcs: count.describe('rpcs that stream in one direction at least'),
};

const protoCount = { lines, ...declarations };

const cyclomatic = z
  .strictObject({
    functions: count.describe('functions with a body'),
    sum: count,
    median: z.int().positive().nullable().describe('nearest rank; null: no functions'),
    p90: z.int().positive().nullable().describe('nearest rank; null: no functions'),
    max: z.int().positive().nullable().describe('null: no functions'),
    maxAt: text.nullable().describe('where the first function with the maximum is: path:line name'),
    above10: count.describe("functions above 10, McCabe's limit"),
    histogram: z
      .array(z.strictObject({ cyclomatic: z.int().positive(), functions: z.int().positive() }))
      .describe('every complexity that occurs, ascending'),
  })
  .describe('cyclomatic complexity over functions');

const size = {
  files: count,
  ...code,
  branchesTotal: count,
  cyclomatic,
  proto: z.strictObject(declarations).nullable().describe('null: no .proto file'),
};

const filePlace = {
  path: text.describe('from the root of the repository, with /'),
  role: text.describe('the id of its role'),
};

const file = z.discriminatedUnion('language', [
  z.strictObject({ ...filePlace, language: z.literal('typescript'), ...typeScript }),
  z.strictObject({ ...filePlace, language: z.literal('proto'), ...protoCount }),
]);

const role = z.strictObject({
  id: text,
  title: text,
  transport: transportOrBoth,
  part: z.enum(['client', 'server', 'guards', 'contract', 'chat', 'generated', 'tools', 'tests']),
  mode: mode.describe('the one mode that needs it; null: every mode does'),
  ...size,
});

const way = z.strictObject({
  id: text,
  title: text,
  transport,
  roles: z.array(text).describe('ids of the roles that are summed up'),
  ...size,
});

const clauses = z.strictObject({
  title: text,
  transport: transportOrBoth,
  mode: mode.describe('the mode that they are about; null: every mode'),
  sections: z.array(text).describe('numbers of the sections'),
  clauses: count.describe('numbered clauses in these sections'),
  lines: count.describe('lines that are not blank, headings among them'),
});

const javaScript = z
  .strictObject({
    files: count.describe('.js, .cjs and .mjs files'),
    bytes,
    lines: count.describe('lines that are not blank, comments among them'),
  })
  .describe('JavaScript of packages, as it is installed: built, bundled or minified');

const thirdParty = z.strictObject({
  name: text,
  version: text,
  direct: z.boolean().describe('our code names it as a dependency; else a dependency does'),
  installed: javaScript,
  loaded: javaScript.describe('the part of it that loading the client or server loads'),
});

const leaning = z.strictObject({
  transport,
  part: z.enum(['client', 'server']),
  entry: text.describe('the package that is loaded'),
  builtIns: z
    .array(
      z.strictObject({
        name: text.describe('node:...'),
        importedBy: z.array(text).describe('packages, ours first'),
      }),
    )
    .describe('modules of Node that are loaded'),
  packages: z
    .array(thirdParty)
    .describe('packages that are installed for it, beyond ours, by name; peers where present'),
  packagesInstalled: count,
  packagesLoaded: count.describe('of which anything is loaded'),
  installed: javaScript.describe('sum over the packages'),
  loaded: javaScript.describe('sum over the packages'),
});

/** The shape of a `ComplexityReport`, for whoever embeds or reads one. */
export const complexitySchema = z
  .strictObject({
    files: z.array(file).describe('every counted file, by path'),
    roles: z.array(role).describe('sums by what the files are for; each file is in one'),
    ways: z.array(way).describe('sums of what one must have for a transport and some of its modes'),
    protocol: z.array(clauses).describe('what docs/PROTOCOL.md has to say, by whom it binds'),
    leaning: z.array(leaning).describe('code that each client and server depends on'),
    misassigned: z
      .array(z.strictObject({ path: text, roles: z.array(text) }))
      .describe(
        'files not counted: with no role, with several, or of no known language; should be empty',
      ),
  })
  .describe('size and branching of what each transport needs, and what it leans on');

/** Size and branching of what each transport needs, and what it leans on: plain data. */
export type ComplexityReport = z.infer<typeof complexitySchema>;

/** Lines of a file or of files, by kind. */
export type Lines = z.infer<typeof lines>;
/** Functions, and the ways through them. */
export type Branches = z.infer<typeof branches>;
/** Files, bytes and lines of installed JavaScript. */
export type JavaScriptSize = z.infer<typeof javaScript>;
/** Packages and modules of Node.js that a client or a server loads. */
export type Leaning = z.infer<typeof leaning>;
/** An installed package that is not ours. */
export type ThirdParty = z.infer<typeof thirdParty>;
/** Clauses of docs/PROTOCOL.md that bind one side. */
export type Clauses = z.infer<typeof clauses>;
/** A counted file, with its figures. */
export type CountedFile = z.infer<typeof file>;

const typeScriptSchema = z.strictObject(typeScript);
const protoSchema = z.strictObject(protoCount);
const sizeSchema = z.strictObject(size);

/** The counts of one TypeScript file. */
export type TypeScriptCount = z.infer<typeof typeScriptSchema>;
/** The declarations of one .proto file, nested ones included. */
export type ProtoCount = z.infer<typeof protoSchema>;
/** The counts of several files together. */
export type Size = z.infer<typeof sizeSchema>;
