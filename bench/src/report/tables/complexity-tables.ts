import type { ComplexityReport } from '../../complexity/index.ts';
import { formatCount, formatValue } from '../words/format.ts';
import type { TableData } from './table-data.ts';

const transports = { sockets: 'sockets', grpc: 'gRPC', both: 'shared' } as const;

/** What each transport needs of our code, and what it leans on. */
export function complexityTables({ ways, leaning }: ComplexityReport): TableData[] {
  return [
    {
      title: 'What each transport needs',
      note: 'Client, server and contract together, without comments and blank lines. McCabe is the cyclomatic complexity of a function: its branches plus one.',
      head: ['', 'files', 'lines', 'functions', 'branches', 'McCabe, median', 'McCabe, largest'],
      rows: ways.map(({ transport, title, files, lines, branchesTotal, cyclomatic }) => [
        `${transports[transport]}: ${title}`,
        formatCount(files),
        formatCount(lines.code),
        formatCount(cyclomatic.functions),
        formatCount(branchesTotal),
        `${cyclomatic.median ?? 'n/a'}`,
        `${cyclomatic.max ?? 'n/a'}`,
      ]),
    },
    {
      title: 'What it leans on beyond Node.js',
      note: 'JavaScript of others: as it is installed, and the part of it that is loaded at the start.',
      head: ['', 'packages', 'installed', 'loaded'],
      rows: leaning.map(({ transport, part, packagesInstalled, installed, loaded }) => [
        `${transports[transport]}: ${part}`,
        formatCount(packagesInstalled),
        formatValue(installed.bytes, 'bytes'),
        formatValue(loaded.bytes, 'bytes'),
      ]),
    },
  ];
}
