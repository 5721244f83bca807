import { publishedLanes, tasks, taskTable } from '../../tables/summary-tables.ts';
import { formatValue } from '../../words/format.ts';
import type { Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat, extremesWords, measuredPanels, pointPanel, reading } from '../measured.ts';

/** The three timed tasks of the 2023 program, with what it published beside them. */
export function tasksSection(context: PageContext): Section | undefined {
  const figures = tasks.flatMap((task) => taskFigure(context, task) ?? []);
  if (figures.length === 0) return undefined;
  const body = html`
<p>The program of 2023 that Tandem began from timed these three tasks. What it published of itself, Python on the machine of its authors, stands below each chart’s lanes to be seen, not to be divided by.</p>
${figures}`;
  return { id: 'tasks', title: 'The three tasks of 2023', body };
}

function taskFigure(
  context: PageContext,
  { scenario, metric, title, question }: (typeof tasks)[number],
): Markup | undefined {
  const panels = measuredPanels(context, scenario, metric);
  if (panels.length === 0) return undefined;
  const published = publishedRows(context, scenario);
  const caption = `${extremesWords(panels)} Less is better; the scale is logarithmic. ${reading}`;
  return figure({
    id: `task-${scenario}`,
    title: question,
    caption: published.length === 0 ? caption : `${caption} Bars across are the figures of 2023.`,
    chart: {
      rows: {
        axis: { title: 'time, log scale', scale: 'log', format: axisFormat('us') },
        beside: true,
        panels: panels.map((panel) => {
          const { title, rows } = pointPanel(context, panel);
          return { title, rows: [...rows, ...published] };
        }),
      },
    },
    tables: taskTable(context.tables).map((table) => ({
      ...table,
      rows: table.rows.filter(([name]) => name?.startsWith(`${title}, `)),
    })),
  });
}

function publishedRows({ report, look }: PageContext, task: string): Row[] {
  return report.published
    .filter((one) => one.task === task)
    .map(({ transport, seconds }): Row => {
      const { ink } = look(publishedLanes[transport]);
      const text = formatValue(seconds, 's');
      return {
        label: `2023, Python: ${transport === 'grpc' ? 'gRPC' : 'sockets'}`,
        marks: [
          { kind: 'point', at: seconds * 1e6, ink, symbol: 'bar' },
          { kind: 'label', at: seconds * 1e6, text: `${text}, elsewhere`, side: 'right' },
        ],
      };
    });
}
