import {
  type Layer,
  layers,
  ledgerTables,
  type StackedBar,
  stack,
  type WireLedger,
} from '../../../bytes/index.ts';
import type { TableData } from '../../tables/table-data.ts';
import { formatCount } from '../../words/format.ts';
import type { PageContext, Section } from '../context.ts';
import { rowsFigure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type StackedPart, stackedRow } from '../measured.ts';
import { dataTable, plainTable } from '../table.ts';
import { layerParts, partInk } from '../theme.ts';

const calls = [
  { call: 'first', title: 'the first on its connection' },
  { call: 'warm', title: 'a later one' },
] as const;

/** The bytes of the wire ledger: stacked bars, and all of it in a table. */
export function bytesSection(context: PageContext): Section | undefined {
  const { wire } = context.report;
  if (wire === null || wire.entries.length === 0) return undefined;
  const figures = [
    ...['search', 'send'].flatMap((operation) => operationFigure(context, wire, operation) ?? []),
    connectFigure(context, wire),
    tlsFigure(context, wire),
  ].filter((one) => one !== undefined);
  const used = Object.entries(wire.content).map(([name, text]) => html`${name} <q>${text}</q>`);
  const body = html`
<p>Bytes of TCP payload, both ways together, as a tap between client and server counted them. The layers add up to that count. ${used.length > 0 && html`The operations used: ${used.map((one, at) => html`${at > 0 && ', '}${one}`)}.`}</p>
${wire.page !== undefined && html`<p><a href="${wire.page}">Look at every byte</a>: each operation on both wires, side by side, with what each byte means.</p>`}
${figures}
${ledgerTables(wire).map(dataTable)}
<details class="long"><summary>Every operation on every lane</summary>${ledgerTable(context, wire)}</details>`;
  return { id: 'bytes', title: 'Where each byte goes', body };
}

/** A call in a figure, with what its panel is called. */
interface Panelled {
  readonly title: string;
  readonly bars: readonly StackedBar[];
}

function operationFigure(
  context: PageContext,
  wire: WireLedger,
  operation: string,
): Markup | undefined {
  const different = calls
    .map(({ call, title }) => ({ title, bars: plain(stack(wire, operation, call)) }))
    .filter(({ bars }) => bars.length > 0);
  const contents = different.map(({ bars }) => JSON.stringify(bars.map((one) => one.layers)));
  const [first] = different;
  const shown =
    first !== undefined && new Set(contents).size === 1
      ? [{ ...first, title: 'the first on its connection, and each later one' }]
      : different;
  const json = wire.json.find((one) => one.operation === operation)?.bytes;
  return barsFigure(
    context,
    {
      id: `bytes-${operation}`,
      title: `A ${operation}, byte by byte`,
      caption: `${extremes(context, shown.at(-1)?.bars ?? [])}${json === undefined ? '' : ' The same content as JSON stands below the lanes, with no framing at all.'}`,
    },
    shown,
    json === undefined ? undefined : json.sent + json.received,
  );
}

function connectFigure(context: PageContext, wire: WireLedger): Markup | undefined {
  const bars = plain(stack(wire, 'connect', 'connection'));
  const words = {
    id: 'bytes-connect',
    title: 'Opening a connection, byte by byte',
    caption: `What crosses before the first operation. ${extremes(context, bars)}`,
  };
  return barsFigure(context, words, bars.length === 0 ? [] : [{ title: '', bars }]);
}

function tlsFigure(context: PageContext, wire: WireLedger): Markup | undefined {
  const over = (operation: string, call: 'connection' | 'warm') =>
    stack(wire, operation, call).filter(({ tls }) => tls);
  const panels = [
    { title: 'opening a connection', bars: over('connect', 'connection') },
    { title: 'a later send', bars: over('send', 'warm') },
  ].filter(({ bars }) => bars.length > 0);
  const words = {
    id: 'bytes-tls',
    title: 'The same over TLS',
    caption:
      'TLS costs most when a connection opens. Each later operation adds only the headers and tags of its records.',
  };
  return barsFigure(context, words, panels);
}

/** @param json what the same content takes as JSON, in a row of its own */
function barsFigure(
  context: PageContext,
  words: { readonly id: string; readonly title: string; readonly caption: string },
  panels: readonly Panelled[],
  json?: number,
): Markup | undefined {
  const { index } = context;
  const bars = panels.flatMap((panel) => panel.bars);
  const present = (Object.keys(layers) as Layer[]).filter((layer) =>
    bars.some((bar) => bar.layers.some((one) => one.layer === layer && one.bytes > 0)),
  );
  const part = (name: string, bytes: number) => {
    return { part: name, size: bytes, text: formatCount(bytes) };
  };
  const row = (label: string, parts: readonly StackedPart[], total: number) =>
    stackedRow(label, parts, `${formatCount(total)} bytes`);
  return rowsFigure({
    ...words,
    axis: { title: 'bytes, both ways together', scale: 'linear', format: formatCount },
    beside: false,
    panels: panels.map(({ title, bars }) => ({
      title,
      rows: [
        ...bars.map(({ lane, layers: parts, total }) =>
          row(
            index.lane(lane)?.title ?? lane,
            parts.map(({ layer, bytes }) => part(layerParts[layer], bytes)),
            total,
          ),
        ),
        ...(json === undefined ? [] : [row('as JSON, unframed', [part('json', json)], json)]),
      ],
    })),
    legend: [
      ...present.map((layer) => ({ ink: partInk(layerParts[layer]), text: layers[layer] })),
      ...(json === undefined ? [] : [{ ink: partInk('json'), text: 'JSON' }]),
    ],
    tables: panels.map(({ title, bars }) =>
      barsTable(context, title === '' ? words.title : `${words.title}: ${title}`, bars),
    ),
  });
}

function barsTable({ index }: PageContext, title: string, bars: readonly StackedBar[]): TableData {
  const present = bars[0]?.layers.map(({ layer }) => layer) ?? [];
  const rows = present.map((layer) => [
    layers[layer],
    ...bars.map((bar) => formatCount(bar.layers.find((one) => one.layer === layer)?.bytes ?? 0)),
  ]);
  return {
    title,
    head: ['bytes', ...bars.map(({ lane }) => index.lane(lane)?.title ?? lane)],
    rows: [...rows, ['altogether', ...bars.map(({ total }) => formatCount(total))]],
  };
}

function ledgerTable({ index }: PageContext, { entries }: WireLedger): Markup {
  const head = ['operation', 'lane', 'call', 'content', 'sent', 'received', 'altogether'];
  const rows = entries.map(({ operation, lane, call, tls, layers: { content }, total }) => [
    operation,
    `${index.lane(lane)?.title ?? lane}${tls ? ', TLS' : ''}`,
    call,
    formatCount((content?.sent ?? 0) + (content?.received ?? 0)),
    formatCount(total.sent),
    formatCount(total.received),
    formatCount(total.sent + total.received),
  ]);
  return plainTable('The wire ledger, in bytes', head, rows, 'figures');
}

function extremes({ index }: PageContext, bars: readonly StackedBar[]): string {
  const sorted = [...bars].sort((a, b) => a.total - b.total);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || first === last) return '';
  const said = ({ lane, total }: StackedBar) =>
    `${formatCount(total)} bytes over ${index.lane(lane)?.title ?? lane}`;
  return `From ${said(first)} to ${said(last)}.`;
}

function plain(bars: readonly StackedBar[]): readonly StackedBar[] {
  return bars.filter(({ tls }) => !tls);
}
