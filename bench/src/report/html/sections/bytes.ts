import {
  type Layer,
  layers,
  type StackedBar,
  stack,
  type WireLedger,
} from '../../../wire/index.ts';
import type { TableData } from '../../tables/table-data.ts';
import { formatCount } from '../../words/format.ts';
import type { Mark } from '../chart/marks.ts';
import type { Panel, Row } from '../chart/rows.ts';
import type { PageContext, Section } from '../context.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { plainTable } from '../table.ts';
import { partInk, partTextInk } from '../theme.ts';

const layerParts: Readonly<Record<Layer, string>> = {
  content: 'content',
  separators: 'separators',
  framing: 'ours',
  protobuf: 'codec',
  json: 'codec',
  grpcPrefix: 'prefix',
  http1: 'http2',
  webSocket: 'http2',
  http2Frames: 'http2',
  hpack: 'hpack',
  settings: 'settings',
  windowUpdate: 'window',
  ping: 'window',
  http2Other: 'other',
  tlsHandshake: 'tls-handshake',
  tlsRecords: 'tls-records',
};

const calls = [
  { call: 'first', title: 'the first on its connection' },
  { call: 'warm', title: 'a later one' },
] as const;

/** Where each byte goes: stacked bars of the wire ledger, and all of it in a table. */
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
<p>Bytes of TCP payload as a tap between client and server counted them, both ways together. The layers add up to what the tap saw. ${used.length > 0 && html`The operations used: ${used.map((one, at) => html`${at > 0 && ', '}${one}`)}.`}</p>
${figures}
<details class="long"><summary>Every operation on every lane</summary>${ledgerTable(context, wire)}</details>`;
  return { id: 'bytes', title: 'Where each byte goes', body };
}

function operationFigure(
  context: PageContext,
  wire: WireLedger,
  operation: string,
): Markup | undefined {
  const stacks = calls.map(({ call, title }) => ({
    title,
    bars: plain(stack(wire, operation, call)),
  }));
  const different = stacks.filter(({ bars }) => bars.length > 0);
  const isAlike =
    new Set(different.map(({ bars }) => JSON.stringify(bars.map((one) => one.layers)))).size === 1;
  const some = isAlike
    ? different
        .slice(0, 1)
        .map((one) => ({ ...one, title: 'the first on its connection, and each later one' }))
    : different;
  if (some.length === 0) return undefined;
  const json = jsonRow(wire, operation);
  return barsFigure(context, {
    id: `bytes-${operation}`,
    title: `A ${operation}, byte by byte`,
    caption: `${extremes(context, some.at(-1)?.bars ?? [])}${json === undefined ? '' : ' The same content as JSON stands below the lanes, with no framing at all.'}`,
    stacks: some,
    after: json === undefined ? [] : [json],
  });
}

function connectFigure(context: PageContext, wire: WireLedger): Markup | undefined {
  const bars = plain(stack(wire, 'connect', 'connection'));
  if (bars.length === 0) return undefined;
  return barsFigure(context, {
    id: 'bytes-connect',
    title: 'Opening a connection, byte by byte',
    caption: `What crosses before the first operation. ${extremes(context, bars)}`,
    stacks: [{ title: '', bars }],
    after: [],
  });
}

function tlsFigure(context: PageContext, wire: WireLedger): Markup | undefined {
  const over = (operation: string, call: 'connection' | 'warm') =>
    stack(wire, operation, call).filter(({ tls }) => tls);
  const stacks = [
    { title: 'opening a connection', bars: over('connect', 'connection') },
    { title: 'a later send', bars: over('send', 'warm') },
  ].filter(({ bars }) => bars.length > 0);
  if (stacks.length === 0) return undefined;
  return barsFigure(context, {
    id: 'bytes-tls',
    title: 'The same over TLS',
    caption:
      'TLS takes most where a connection opens; of a later operation it takes its records’ headers and tags.',
    stacks,
    after: [],
  });
}

interface BarsFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly stacks: readonly { readonly title: string; readonly bars: readonly StackedBar[] }[];
  readonly after: readonly Row[];
}

function barsFigure(
  context: PageContext,
  { id, title, caption, stacks, after }: BarsFigure,
): Markup {
  const bars = stacks.flatMap((one) => one.bars);
  const present = (Object.keys(layers) as Layer[]).filter((layer) =>
    bars.some((bar) => bar.layers.some((one) => one.layer === layer && one.bytes > 0)),
  );
  return figure({
    ...{ id, title, caption },
    chart: {
      rows: {
        axis: { title: 'bytes, both ways together', scale: 'linear', format: formatCount },
        panels: stacks.map((one): Panel => {
          return {
            title: one.title,
            rows: [...one.bars.map((bar) => barRow(context, bar)), ...after],
          };
        }),
      },
    },
    legend: [
      ...present.map((layer) => ({ ink: partInk(layerParts[layer]), text: layers[layer] })),
      ...(after.length > 0 ? [{ ink: partInk('json'), text: 'JSON' }] : []),
    ],
    tables: stacks.map((one) =>
      barsTable(context, one.title === '' ? title : `${title}: ${one.title}`, one.bars),
    ),
  });
}

function barRow({ index }: PageContext, { lane, total, layers: parts }: StackedBar): Row {
  let below = 0;
  const bars = parts.flatMap(({ layer, bytes }): Mark[] => {
    const from = below;
    below += bytes;
    if (bytes === 0) return [];
    const part = layerParts[layer];
    const inks = { ink: partInk(part), textInk: partTextInk(part) };
    return [{ kind: 'bar', from, to: below, ...inks, text: formatCount(bytes) }];
  });
  const label: Mark = {
    kind: 'label',
    at: total,
    text: `${formatCount(total)} bytes`,
    side: 'right',
  };
  return { label: index.lane(lane)?.title ?? lane, marks: [...bars, label] };
}

function jsonRow({ json }: WireLedger, operation: string): Row | undefined {
  const found = json.find((one) => one.operation === operation);
  if (found === undefined) return undefined;
  const bytes = found.bytes.sent + found.bytes.received;
  return {
    label: 'as JSON, unframed',
    marks: [
      {
        kind: 'bar',
        from: 0,
        to: bytes,
        ink: partInk('json'),
        textInk: partTextInk('json'),
        text: formatCount(bytes),
      },
      { kind: 'label', at: bytes, text: `${formatCount(bytes)} bytes`, side: 'right' },
    ],
  };
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
