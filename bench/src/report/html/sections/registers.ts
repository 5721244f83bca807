import type { Placement, ReportScenario } from '../../schema/report.ts';
import { pointTables } from '../../tables/scenario-tables.ts';
import { formatValue } from '../../words/format.ts';
import { placementTitles } from '../../words/places.ts';
import type { Mark } from '../chart/marks.ts';
import type { Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { axisFormat, intervalMarks, reading, shownLanes } from '../measured.ts';

/** The 100 registers as a distribution, the first of them apart. */
export function registersSection(context: PageContext): Section | undefined {
  const { report, index } = context;
  const scenarios = report.scenarios.filter(({ metrics }) =>
    metrics.some(({ name }) => name === 'rest-p50'),
  );
  const figures = scenarios.flatMap((scenario) =>
    index.placements().flatMap((placement) => registersFigure(context, scenario, placement) ?? []),
  );
  if (figures.length === 0) return undefined;
  return { id: 'registers', title: '100 registers as a distribution', body: html`${figures}` };
}

function registersFigure(
  context: PageContext,
  scenario: ReportScenario,
  placement: Placement,
): Markup | undefined {
  const rowsOf = (metrics: readonly string[]) =>
    shownLanes(context).flatMap(({ name, title }) => {
      const marks = marksOf(context, { scenario: scenario.name, lane: name, placement }, metrics);
      return marks.length === 0 ? [] : [{ label: title, marks } satisfies Row];
    });
  const others = rowsOf(['rest-p50', 'rest-p99']);
  if (others.length === 0) return undefined;
  const where = placementTitles[placement];
  const tables = pointTables(context.tables, scenario);
  return figure({
    id: `registers-${scenario.name}-${placement}`,
    title: `${scenario.title}, ${where}: how long each took`,
    caption: `The first register on a fresh connection stands apart from the other 99, of which circles are the median and diamonds the 99th percentile. Dots are single process runs. The scale is logarithmic. ${reading}`,
    chart: {
      rows: {
        axis: { title: 'time of one register, log scale', scale: 'log', format: axisFormat('us') },
        beside: true,
        panels: [
          { title: 'the first', rows: rowsOf(['first']) },
          { title: 'the other 99', rows: others },
        ],
      },
    },
    tables: tables.filter(({ title }) => title.endsWith(where)),
  });
}

/** A point for each metric; the first is named to the left of it where a second follows. */
function marksOf(
  { index, look }: PageContext,
  place: { readonly scenario: string; readonly lane: string; readonly placement: Placement },
  metrics: readonly string[],
): Mark[] {
  const { ink } = look(place.lane);
  const results = metrics.flatMap((metric) => index.result(place, metric) ?? []);
  const [first, last] = [results[0], results.at(-1)];
  if (first === undefined || last === undefined) return [];
  const link: Mark = { kind: 'link', from: first.value, to: last.value, ink };
  return [
    link,
    ...results.flatMap((result, at): Mark[] => {
      const { value, ci95, unit, valid, samples } = result;
      const side = results.length > 1 && at === 0 ? 'left' : 'right';
      const ends = [value, ...samples, ...(ci95 ?? [])];
      const text = `${formatValue(value, unit)}${valid ? '' : ', not valid'}`;
      return [
        ...samples.map((sample): Mark => ({ kind: 'sample', at: sample, ink })),
        ...intervalMarks(ci95, ink),
        {
          ...{ kind: 'point', at: value, ink, hollow: !valid },
          symbol: metrics[at] === 'rest-p99' ? 'diamond' : 'circle',
        },
        { kind: 'label', at: side === 'left' ? Math.min(...ends) : Math.max(...ends), text, side },
      ];
    }),
  ];
}
