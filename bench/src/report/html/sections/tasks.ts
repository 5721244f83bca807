import { publishedLanes, tasks, taskTable } from '../../tables/summary-tables.ts';
import { formatValue } from '../../words/format.ts';
import type { Row } from '../chart/rows.ts';
import { type PageContext, type Section, sectionOf } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { extremesWords, logAxis, measuredPanels, pointPanel, reading } from '../measured.ts';

/** The three timed tasks of the 2023 program, with what it published beside them. */
export function tasksSection(context: PageContext): Section | undefined {
  const introduction = html`
<p>The program of 2023 that Tandem began from timed these three tasks. What it published of itself, Python on the machine of its authors, stands below each chart’s lanes to be seen, not to be divided by.</p>
`;
  const figures = tasks.map((task) => taskFigure(context, task));
  return sectionOf('tasks', 'The three tasks of 2023', figures, introduction);
}

function taskFigure(
  context: PageContext,
  { scenario, metric, title, question }: (typeof tasks)[number],
): Markup | undefined {
  const panels = measuredPanels(context, scenario, metric);
  const published = publishedRows(context, scenario);
  return rowsFigure({
    id: `task-${scenario}`,
    title: question,
    caption: `${extremesWords(panels)} Less is better; the scale is logarithmic. ${reading}${published.length === 0 ? '' : ' Bars across are the figures of 2023.'}`,
    axis: logAxis('time', 'us'),
    panels: panels.map((panel) => {
      const { title, rows } = pointPanel(context, panel);
      return { title, rows: [...rows, ...published] };
    }),
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
      const [at, text] = [seconds * 1e6, `${formatValue(seconds, 's')}, elsewhere`];
      return {
        label: `2023, Python: ${transport === 'grpc' ? 'gRPC' : 'sockets'}`,
        marks: [
          { kind: 'point', at, ink, symbol: 'bar' },
          { kind: 'label', at, text, side: 'right' },
        ],
      };
    });
}
