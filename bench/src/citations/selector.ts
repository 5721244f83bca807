import { packetsOf, variationOf, type WireEntry } from '../bytes/index.ts';
import type { Combination } from '../combine/combine.ts';
import type { ComplexityReport } from '../complexity/index.ts';
import { splitGuards } from '../complexity/ways.ts';
import { unfitBecause } from '../report/analysis/fitness.ts';
import type { Report } from '../report/schema/report.ts';
import type { CellPlace, RatioPlace } from '../report/schema/report-index.ts';
import type { SeedResult } from '../seed/report.ts';
import { median } from '../statistics/index.ts';
import { constantOf } from './constant.ts';

/** Something is cited that the report does not have; its message says what. */
export class CitationError extends Error {}

/** The sources that a document may cite. */
export interface Sources {
  readonly report: Report;
  /** The code as it is, and not that of the commit of the report. */
  readonly code: ComplexityReport;
  /** The results of `pnpm bench seed`; none where a document names no such measurement. */
  readonly seed: readonly SeedResult[];
  /** Reports of several machines; undefined where a document names none. */
  readonly joined?: { readonly reports: readonly Report[]; readonly combination: Combination };
}

type Parts = readonly string[];

/**
 * The figure of a report that words such as `ratio latency-1 p50 same-core grpc-unary sockets-framed`
 * name. A last word such as `/1000` divides it: `value throughput-64 throughput same-core net-echo /1000`.
 *
 * - `value`, `value-low`, `value-high` and then scenario, metric, placement, lane
 * - `ratio`, `ratio-low`, `ratio-high` and then scenario, metric, placement, lane, baseline
 * - `wire` and then lane, operation, call, `sent`, `received` or `total`, and a layer if only that is meant
 * - `wire-tls`: the same over TLS
 * - `json` and then operation, and `total`, or `lines` with a newline behind each message
 * - `packets` and then lane, operation, and `bytes` with the headers of IP and TCP, or `count`
 * - `varies` and then lane, operation, and `least`, `most` (by the token) or `new-second` (more bytes)
 * - `seed` and then transport, scenario, and `theirs`, `ours`, `theirs-cpu`, `ours-cpu`, `ratio`,
 *   `ratio-low` or `ratio-high`: of the program of 2023, measured beside ours
 * - `joined` and then `value`, `low`, `high`, `between` (how far machines lie apart, in percent), or a
 *   machine (`A`, `A-low`, `A-high`), and then scenario, metric, placement, lane, baseline: a ratio of the
 *   joined reports
 * - `published` and then task and transport, in seconds
 * - `code` and then the way of a transport (`sockets-framed`, `grpc-converse`, …) and `lines`,
 *   `branches`, `functions`, `guards` or `without-guards` (lines): of the code as it is
 * - `leaning` and then transport, `client` or `server`, and `packages` or `lines` that are loaded: as above
 * - `rounds`
 * - `constant` and then a package and a name in its source: not of the report, but of the code as it is
 *
 * @throws CitationError when the report has no such figure, or it is not to be cited
 */
export function figureOf(sources: Sources, selector: string): number {
  const words = selector.trim().split(/\s+/);
  const divisor = /^\/(\d+)$/.exec(words.at(-1) ?? '')?.[1];
  const [kind = '', ...parts] = divisor === undefined ? words : words.slice(0, -1);
  const find = Object.hasOwn(finders, kind) ? finders[kind] : undefined;
  if (find === undefined) throw new CitationError(`"${selector}" begins with no kind of figure`);
  // Words such as "constructor" find what is no number.
  const figure: unknown = find(sources.report, parts, sources);
  const divided = typeof figure === 'number' ? figure / Number(divisor ?? 1) : Number.NaN;
  if (!Number.isFinite(divided))
    throw new CitationError(`the report has nothing for "${selector}"`);
  return divided;
}

type Finder = (report: Report, parts: Parts, sources: Sources) => number | null | undefined;

const finders: Readonly<Record<string, Finder>> = {
  value: (report, parts) => resultOf(report, parts)?.value,
  'value-low': (report, parts) => resultOf(report, parts)?.ci95?.[0],
  'value-high': (report, parts) => resultOf(report, parts)?.ci95?.[1],
  ratio: (report, parts) => ratioOf(report, parts)?.value,
  'ratio-low': (report, parts) => ratioOf(report, parts)?.ci95?.[0],
  'ratio-high': (report, parts) => ratioOf(report, parts)?.ci95?.[1],
  wire: (report, parts) => wireBytes(report, parts, false),
  'wire-tls': (report, parts) => wireBytes(report, parts, true),
  json: ({ wire }, [operation, what]) => {
    const bytes = wire?.json.find((each) => each.operation === operation)?.bytes;
    if (bytes === undefined) return undefined;
    const messages = [bytes.sent, bytes.received].filter((one) => one > 0).length;
    const total = bytes.sent + bytes.received;
    return { total, lines: total + messages }[what ?? ''];
  },
  packets: (report, [lane, operation, what]) => {
    const entry = warmEntry(report, lane, operation);
    const packets = entry && packetsOf(entry);
    return packets?.[what as keyof typeof packets];
  },
  varies: (report, [lane, operation, what]) => {
    const entry = warmEntry(report, lane, operation);
    const variation = entry && variationOf(entry);
    if (variation === undefined) return undefined;
    const [least, most] = variation.tokens;
    return { least, most, 'new-second': variation.newSecondBytes }[what ?? ''];
  },
  seed: (_, parts, { seed }) => seedFigure(seed, parts),
  joined: (_, [what = '', ...parts], { joined }) => joinedFigure(joined, what, parts),
  published: ({ published }, [task, transport]) =>
    published.find((each) => each.task === task && each.transport === transport)?.seconds,
  code: (_, [way, measure], { code }) => {
    const found = code.ways.find(({ id }) => id === way);
    if (found === undefined) return undefined;
    const { lines, branchesTotal, cyclomatic } = found;
    const split = splitGuards(code, found.id);
    const sizes = {
      lines: lines.code,
      branches: branchesTotal,
      functions: cyclomatic.functions,
      guards: split?.guards.lines.code,
      'without-guards': split?.rest.lines.code,
    };
    return sizes[measure as keyof typeof sizes];
  },
  leaning: (_, [transport, part, measure], { code }) => {
    const found = code.leaning.find((each) => each.transport === transport && each.part === part);
    if (found === undefined) return undefined;
    const sizes = { packages: found.packagesLoaded, lines: found.loaded.lines };
    return sizes[measure as keyof typeof sizes];
  },
  rounds: ({ options }) => options.roundsDone,
  constant: (_, [packageName = '', name = '']) => constantOf(packageName, name),
};

/** The words that a selector may begin with. */
export const kinds: readonly string[] = Object.keys(finders);

// An invalid figure is not cited: it counts as missing.
function resultOf(report: Report, [scenario, metric, placement, lane]: Parts) {
  refuseUnfit(report, { scenario, placement }, lane);
  return report.results.find(
    (each) =>
      each.valid &&
      each.scenario === scenario &&
      each.metric === metric &&
      each.placement === placement &&
      each.lane === lane,
  );
}

/**
 * The ratio of scenario, metric, placement, lane and baseline; undefined when there is none.
 *
 * @throws CitationError when it is not to be cited
 */
export function ratioOf(report: Report, place: Parts): Report['ratios'][number] | undefined {
  const [scenario, , placement, lane, baseline] = place;
  refuseUnfit(report, { scenario, placement }, lane, baseline);
  return report.ratios.find((each) => each.valid && isRatioAt(each, place));
}

interface Place {
  readonly scenario: string | undefined;
  readonly placement: string | undefined;
}

/** @throws CitationError when the figures of one of these lanes there are not to be cited, with why */
function refuseUnfit(
  report: Report,
  { scenario, placement }: Place,
  ...lanes: readonly (string | undefined)[]
): void {
  for (const cell of report.cells) {
    const isMeant = cell.scenario === scenario && cell.placement === placement;
    if (!isMeant || !lanes.includes(cell.lane)) continue;
    const why = unfitBecause(cell);
    if (why.length === 0) continue;
    const place = `${cell.scenario}, ${cell.lane}, ${cell.placement}`;
    throw new CitationError(`${place}: not to be cited, as ${why.join(', and ')}`);
  }
}

function warmEntry({ wire }: Report, lane = '', operation = ''): WireEntry | undefined {
  return wire?.entries.find(
    (each) =>
      each.lane === lane && each.operation === operation && each.call === 'warm' && !each.tls,
  );
}

function seedFigure(
  seed: readonly SeedResult[],
  [transport, scenario, what]: Parts,
): number | undefined {
  const found = seed.find((each) => each.transport === transport && each.scenario === scenario);
  if (found === undefined) return undefined;
  const { theirs, ours, ratio } = found;
  const figures: Readonly<Record<string, number | undefined>> = {
    theirs: theirs.median,
    ours: ours.median,
    'theirs-cpu': median(theirs.serverCpuUs),
    'ours-cpu': median(ours.serverCpuUs),
    ratio: ratio.value,
    'ratio-low': ratio.ci95?.[0],
    'ratio-high': ratio.ci95?.[1],
  };
  return figures[what ?? ''];
}

function isRatioAt(
  ratio: RatioPlace & Pick<CellPlace, 'placement'>,
  [scenario, metric, placement, lane, baseline]: Parts,
): boolean {
  return (
    ratio.scenario === scenario &&
    ratio.metric === metric &&
    ratio.placement === placement &&
    ratio.lane === lane &&
    ratio.baseline === baseline
  );
}

function joinedFigure(
  joined: Sources['joined'],
  what: string,
  place: Parts,
): number | null | undefined {
  const [scenario, , placement, lane, baseline] = place;
  for (const report of joined?.reports ?? []) {
    refuseUnfit(report, { scenario, placement }, lane, baseline);
  }
  const found = joined?.combination.ratios.find((each) => isRatioAt(each, place));
  if (found === undefined) return undefined;
  const { value, ci95, between, machines } = found;
  const own = machines.flatMap(({ machine, value, ci95 }) => [
    [machine, value],
    [`${machine}-low`, ci95?.[0]],
    [`${machine}-high`, ci95?.[1]],
  ]);
  const figures: Readonly<Record<string, number | undefined>> = {
    value,
    low: ci95[0],
    high: ci95[1],
    between: 100 * between,
    ...Object.fromEntries(own),
  };
  return figures[what];
}

function wireBytes({ wire }: Report, parts: Parts, tls: boolean): number | undefined {
  const [lane, operation, call, direction, layer] = parts;
  const entry = wire?.entries.find(
    (each) =>
      each.lane === lane && each.operation === operation && each.call === call && each.tls === tls,
  );
  if (entry === undefined) return undefined;
  const traffic = layer === undefined ? entry.total : entry.layers[layer as never];
  if (traffic === undefined) return undefined;
  const { sent, received } = traffic as typeof entry.total;
  const bytes = { sent, received, total: sent + received };
  return bytes[direction as keyof typeof bytes];
}
