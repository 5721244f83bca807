import Table from 'cli-table3';
import { plainBorders } from '../terminal/table.ts';
import { protocolPath } from './clauses.ts';
import { sumOfSizes } from './leaning/installed.ts';
import type { ComplexityReport, Leaning, Size, ThirdParty } from './schema.ts';

type Row = readonly (string | number)[];

const transportTitles = { sockets: 'sockets', grpc: 'gRPC', both: 'shared' } as const;

/** The report for people at a terminal: plain text, without colours, at most 100 columns. */
export function renderComplexity(report: ComplexityReport): string {
  const parts = [
    ...misassignedOf(report),
    'What each transport needs, by transport and modes: client, server, its guards and contract.',
    sizeTable(report.ways),
    'By what the code is for:',
    sizeTable(report.roles),
    sizeNotes,
    'The most complex function of each:',
    mostComplex(report),
    'What is agreed on:',
    contractTable(report),
    'Libraries beyond Node.js: their JavaScript, installed, and loaded at the start.',
    leaningTable(report.leaning),
    leaningNotes,
    'Modules of Node that are loaded:',
    builtInsTable(report.leaning),
  ];
  return parts.join('\n');
}

const sizeNotes = `Lines hold code; comments are lines without any. Statements, functions and branches are those that
run: types are erased. A branch is an if, a loop, a case, a catch, ?:, &&, ||, ??, ?. or a default
value. McCabe is the cyclomatic complexity of a function: its branches plus one. Discovery is health
and reflection. Guards are files that only limit, pace and end what clients do. Each way is an upper
bound: what all modes need would be simpler for one alone.
`;

const leaningNotes = `KB are 1,000 bytes. Lines of packages are as installed (built, bundled or minified) and hold
comments. What is installed and not loaded is there for its types, for commands, or for later.
`;

function sizeTable(rows: ComplexityReport['ways'] | ComplexityReport['roles']): string {
  const head = [
    '',
    '',
    'files',
    'lines',
    'com-\nments',
    'state-\nments',
    'func-\ntions',
    'branches',
  ];
  const mcCabe = ['McCabe\nmedian', '\np90', '\nmax', '\nexports'];
  let before = '';
  return tableOf(
    [...head, ...mcCabe],
    rows.map((row) => {
      const transport = transportTitles[row.transport];
      const shown = transport === before ? '' : transport;
      before = transport;
      return [shown, row.title, ...sizeCells(row)];
    }),
  );
}

function sizeCells({ files, lines, cyclomatic, ...size }: Size): Row {
  return [
    files,
    lines.code,
    lines.comment,
    size.statements,
    cyclomatic.functions,
    size.branchesTotal,
    cyclomatic.median ?? '-',
    cyclomatic.p90 ?? '-',
    cyclomatic.max ?? '-',
    size.exportedNames,
  ];
}

function mostComplex({ ways }: ComplexityReport): string {
  const rows = ways.map(({ transport, title, cyclomatic }): Row => {
    const { max, maxAt, above10, functions } = cyclomatic;
    const name = `${transportTitles[transport]}, ${title}`;
    const at = maxAt?.replace(/^packages\//, '') ?? '-';
    return [name, max ?? '-', at, `${above10} of ${functions}`];
  });
  return tableOf(['', 'max', 'at', 'above 10'], rows);
}

function contractTable({ files, roles, protocol }: ComplexityReport): string {
  const documents = protocol.map(({ title, transport, clauses, lines }): Row => {
    return [transportTitles[transport], `${protocolPath}, ${title}`, `${clauses} clauses`, lines];
  });
  const protos = files.flatMap((file): Row[] => {
    const role = roles.find(({ id }) => id === file.role);
    if (file.language !== 'proto' || role?.part !== 'contract') return [];
    const { path, lines, messages, fields, rpcs, streamingRpcs } = file;
    const declared = `${messages} messages, ${fields} fields,\n${rpcs} rpcs (${streamingRpcs} streaming)`;
    return [[transportTitles[role.transport], path, declared, lines.code + lines.comment]];
  });
  return tableOf(['', '', 'what', 'lines written'], [...documents, ...protos]);
}

function leaningTable(leaning: readonly Leaning[]): string {
  const head = [
    '',
    '',
    'installed\npackages',
    '\nKB',
    '\nlines',
    'loaded\npackages',
    '\nKB',
    '\nlines',
  ];
  return tableOf(
    head,
    leaning.flatMap(({ transport, part, packages }): Row[] => {
      const direct = packages.filter(({ direct }) => direct);
      const indirect = packages.filter(({ direct }) => !direct);
      return [
        [`${transportTitles[transport]} ${part}`, 'all', ...javaScriptCells(packages)],
        ...direct.map((each) => ['', `${each.name} ${each.version}`, ...javaScriptCells([each])]),
        ...(indirect.length === 0 ? [] : [['', 'what these need', ...javaScriptCells(indirect)]]),
      ];
    }),
  );
}

function javaScriptCells(packages: readonly ThirdParty[]): Row {
  const used = packages.filter(({ loaded }) => loaded.files > 0);
  const installed = sumOfSizes(packages.map(({ installed }) => installed));
  const loaded = sumOfSizes(packages.map(({ loaded }) => loaded));
  return [
    ...[packages.length, Math.round(installed.bytes / 1000), installed.lines],
    ...[used.length, Math.round(loaded.bytes / 1000), loaded.lines],
  ];
}

function builtInsTable(leaning: readonly Leaning[]): string {
  const rows = leaning.flatMap(({ transport, part, entry, builtIns }): Row[] => {
    const isOurs = (name: string) => name.startsWith('@tandem/');
    const by = (who: string, is: (importer: string) => boolean): Row[] => {
      const modules = builtIns.filter(({ importedBy }) => importedBy.some(is));
      const all = modules.map(({ name }) => name.replace('node:', '')).join(' ');
      const names = all.replace(/(.{1,70})(?: |$)/g, '$1\n').trimEnd();
      return names === '' ? [] : [[`${transportTitles[transport]} ${part}`, who, names]];
    };
    return [
      ...by('itself', (name) => name === entry),
      ...by('our packages', (name) => isOurs(name) && name !== entry),
      ...by('others', (name) => !isOurs(name)),
    ];
  });
  return tableOf(['', 'by', ''], rows);
}

function misassignedOf({ misassigned }: ComplexityReport): string[] {
  return misassigned.map(({ path, roles }) => {
    const [role, ...more] = roles;
    const why =
      role === undefined ? 'no role' : more.length > 0 ? `roles ${roles.join(', ')}` : 'no counter';
    return `NOT COUNTED: ${path} has ${why}: see bench/src/complexity/roles.ts`;
  });
}

function tableOf(head: readonly string[], rows: readonly Row[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 0 },
    chars: { ...plainBorders, middle: '' },
    colAligns: head.map((_, column) =>
      rows.some((row) => typeof row[column] === 'number') ? 'right' : 'left',
    ),
  });
  for (const row of rows) table.push([...row]);
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}
