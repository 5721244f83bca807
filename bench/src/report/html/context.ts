import { contenders } from '../analysis/contenders.ts';
import type { Report, ReportLane } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { Footnotes, type TableContext } from '../tables/table-data.ts';
import type { PointSymbol } from './chart/marks.ts';
import { html, type Markup } from './markup.ts';
import { inksOf } from './theme.ts';

/** The look of a lane in every chart. */
interface Look {
  readonly ink: string;
  readonly symbol: PointSymbol;
}

/** The context that all sections of a page share. */
export interface PageContext {
  readonly report: Report;
  readonly index: ReportIndex;
  readonly tables: TableContext;
  look(lane: string): Look;
}

/** A part of the page with a heading of its own. */
export interface Section {
  /** For links to it. */
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** A section of figures with an introduction; undefined when there is no figure. */
export function sectionOf(
  id: string,
  title: string,
  figures: readonly (Markup | undefined)[],
  introduction?: Markup,
): Section | undefined {
  return figures.every((one) => one === undefined)
    ? undefined
    : { id, title, body: html`${introduction}${figures}` };
}

/** Returns what the sections of a report's page share. */
export function pageContext(report: Report): PageContext {
  const index = new ReportIndex(report);
  const looks = looksOf(report.lanes);
  return {
    report,
    index,
    tables: { index, style: 'brackets', footnotes: new Footnotes() },
    look: (lane) => looks.get(lane) ?? { ink: 'var(--muted)', symbol: 'triangle' },
  };
}

const symbols = { sockets: 'circle', grpc: 'square', control: 'triangle' } as const;

/** The contenders have the first colours of their kinds, whichever other lanes there are. */
function looksOf(lanes: readonly ReportLane[]): ReadonlyMap<string, Look> {
  const first: readonly string[] = Object.values(contenders);
  const ordered = [
    ...first.flatMap((name) => lanes.find((lane) => lane.name === name) ?? []),
    ...lanes.filter(({ name }) => !first.includes(name)),
  ];
  const byKind = Map.groupBy(ordered, ({ kind }) => kind);
  return new Map(
    [...byKind].flatMap(([kind, alike]) =>
      alike.map(({ name }, at) => {
        const ink = `var(--${kind}-${(at % inksOf[kind]) + 1})`;
        return [name, { ink, symbol: symbols[kind] }] as const;
      }),
    ),
  );
}
