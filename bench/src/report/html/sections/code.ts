import type { ComplexityReport } from '../../../complexity/index.ts';
import { complexityTables } from '../../tables/complexity-tables.ts';
import { formatCount, formatValue } from '../../words/format.ts';
import { lowered } from '../../words/sentence.ts';
import type { Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat } from '../measured.ts';

type Way = ComplexityReport['ways'][number];

const inks = { sockets: 'var(--sockets-1)', grpc: 'var(--grpc-1)' } as const;
const names = { sockets: 'sockets', grpc: 'gRPC' } as const;

/** Size and branching of the code that each transport needs, and what it leans on. */
export function codeSection(context: PageContext): Section | undefined {
  const { complexity } = context.report;
  if (complexity === null || complexity.ways.length === 0) return undefined;
  const [needs, leans] = complexityTables(complexity);
  const rows = (value: (way: Way) => number) =>
    complexity.ways.map((way) =>
      barRow(`${names[way.transport]}: ${way.title}`, way.transport, value(way), formatCount),
    );
  const counted = (id: string, title: string, value: (way: Way) => number, words: string) =>
    figure({
      id,
      title,
      caption: `Client, server and contract together, counted by a script. ${words}`,
      chart: {
        rows: {
          axis: { title: lowered(title), scale: 'linear', format: formatCount },
          panels: [{ title: '', rows: rows(value) }],
        },
      },
      tables: needs === undefined ? [] : [needs],
    });
  const body = html`
${counted('code-lines', 'Lines of code that each transport needs', ({ lines }) => lines.code, 'Comments and blank lines are not counted.')}
${counted('code-branches', 'Branches in that code', ({ branchesTotal }) => branchesTotal, 'A branch is an if, a loop, a case, a catch, or an operator that decides.')}
${leaningFigure(complexity, leans === undefined ? [] : [leans])}`;
  return { id: 'code', title: 'Size and branching of the code', body };
}

function leaningFigure(
  { leaning }: ComplexityReport,
  tables: Parameters<typeof figure>[0]['tables'],
): Markup | undefined {
  if (leaning.every(({ installed }) => installed.bytes === 0)) return undefined;
  const bytes = (value: number) => formatValue(value, 'bytes');
  const rows = (of: 'installed' | 'loaded') =>
    leaning.map((one) =>
      barRow(`${names[one.transport]}: ${one.part}`, one.transport, one[of].bytes, bytes),
    );
  return figure({
    id: 'code-leaning',
    title: 'JavaScript of others that it leans on',
    caption:
      'What is installed beside our own code and Node.js, and the part of it that is loaded when a client or server starts.',
    chart: {
      rows: {
        axis: { title: 'JavaScript', scale: 'linear', format: axisFormat('bytes') },
        beside: true,
        panels: [
          { title: 'installed', rows: rows('installed') },
          { title: 'loaded', rows: rows('loaded') },
        ],
      },
    },
    tables,
  });
}

function barRow(
  label: string,
  transport: keyof typeof inks,
  value: number,
  format: (value: number) => string,
): Row {
  return {
    label,
    marks: [
      ...(value === 0 ? [] : [{ kind: 'bar', from: 0, to: value, ink: inks[transport] } as const]),
      { kind: 'label', at: value, text: value === 0 ? 'none' : format(value), side: 'right' },
    ],
  };
}
