import type { ComplexityReport } from '../../../complexity/index.ts';
import { complexityTables } from '../../tables/complexity-tables.ts';
import { formatCount, formatValue } from '../../words/format.ts';
import { lowered } from '../../words/sentence.ts';
import type { Row } from '../chart/rows.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { linearAxis } from '../measured.ts';

type Way = ComplexityReport['ways'][number];

const names = { sockets: 'sockets', grpc: 'gRPC' } as const;

/** Size and branching of the code that each transport needs, and what it leans on. */
export function codeSection({ report }: PageContext): Section | undefined {
  const { complexity } = report;
  if (complexity === null || complexity.ways.length === 0) return undefined;
  const { ways, leaning } = complexity;
  const [needs, leans] = complexityTables(complexity).map((table) => [table]);
  const counted = (id: string, title: string, words: string, sizeOf: (way: Way) => number) =>
    rowsFigure({
      id,
      title,
      caption: `Client, server and contract together, counted by a script. ${words}`,
      axis: { title: lowered(title), scale: 'linear', format: formatCount },
      panels: [{ title: '', rows: ways.map((way) => barRow(way, way.title, sizeOf(way))) }],
      tables: needs ?? [],
    });
  return sectionOf('code', 'Size and branching of the code', [
    counted(
      'code-lines',
      'Lines of code that each transport needs',
      'Comments and blank lines are not counted.',
      ({ lines }) => lines.code,
    ),
    counted(
      'code-branches',
      'Branches in that code',
      'A branch is an if, a loop, a case, a catch, or an operator that decides.',
      ({ branchesTotal }) => branchesTotal,
    ),
    rowsFigure({
      id: 'code-leaning',
      title: 'JavaScript of others that it leans on',
      caption:
        'What is installed beside our own code and Node.js, and the part of it that is loaded when a client or server starts.',
      axis: linearAxis('JavaScript', 'bytes'),
      panels: (['installed', 'loaded'] as const).map((of) => ({
        title: of,
        rows: leaning.every(({ installed }) => installed.bytes === 0)
          ? []
          : leaning.map((one) => barRow(one, one.part, one[of].bytes, 'bytes')),
      })),
      tables: leans ?? [],
    }),
  ]);
}

function barRow(
  { transport }: { readonly transport: keyof typeof names },
  title: string,
  value: number,
  unit?: string,
): Row {
  const ink = `var(--${transport}-1)`;
  const text = unit === undefined ? formatCount(value) : formatValue(value, unit);
  return {
    label: `${names[transport]}: ${title}`,
    marks: [
      ...(value === 0 ? [] : [{ kind: 'bar', from: 0, to: value, ink } as const]),
      { kind: 'label', at: value, text: value === 0 ? 'none' : text, side: 'right' },
    ],
  };
}
