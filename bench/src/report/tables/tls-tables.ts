import { stack } from '../../bytes/index.ts';
import { formatCount, formatRatioWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import {
  figure,
  isSomething,
  roundsOf,
  type TableContext,
  type TableData,
  tableOf,
} from './table-data.ts';

const suffix = '-tls';
const measures = [
  { scenario: 'latency-1', metric: 'p50', title: 'one search at a time' },
  { scenario: 'latency-1', metric: 'client-cpu', title: 'CPU of the client for it' },
  { scenario: 'latency-1', metric: 'server-cpu', title: 'CPU of the server for it' },
  { scenario: 'throughput-64', metric: 'throughput', title: '64 at once on one connection' },
  { scenario: 'throughput-64', metric: 'server-cpu', title: 'CPU of the server for one of 64' },
] as const;

/** Builds the tables of what TLS costs each transport; none where no lane over TLS was measured. */
export function tlsTables(context: TableContext): TableData[] {
  return [...operationTable(context), ...setUpTable(context), ...bytesTable(context)];
}

/** Each lane over TLS beside the lane that differs from it in nothing else. */
function operationTable(context: TableContext): TableData[] {
  const { index } = context;
  const rows = index.placements().flatMap((placement) =>
    securedLanes(context).flatMap(({ name, title, plain }) =>
      measures.flatMap(({ scenario, metric, title: measure }) => {
        const place = { scenario, lane: name, placement, metric };
        const places = [{ ...place, lane: plain }, place];
        const [without = '', secured = ''] = places.map((one) => figure(context, one, metric));
        if (!isSomething(secured)) return [];
        const ratio = index.ratio(place, metric, plain);
        const times = ratio === undefined ? '' : formatRatioWithInterval(ratio.value, ratio.ci95);
        const label = `${title}: ${measure}, ${placementTitles[placement]}`;
        return [[label, without, secured, times, roundsOf(context, places)]];
      }),
    ),
  );
  const head = ['', 'without', 'over TLS', 'times', 'rounds'];
  return tableOf('An operation over TLS', head, rows);
}

function setUpTable(context: TableContext): TableData[] {
  const rows = context.index.placements().flatMap((placement) =>
    securedLanes(context).flatMap(({ name, title, plain }) => {
      const place = (scenario: string, lane: string, metric: string) => {
        return { scenario, lane, placement, metric };
      };
      const places = [
        place('set-up', plain, 'total'),
        place('handshake-full', name, 'total'),
        place('handshake-resumed', name, 'total'),
        place('handshake-full', name, 'server-cpu'),
        place('handshake-resumed', name, 'server-cpu'),
      ];
      const cells = places.map((one) => figure(context, one, one.metric));
      const [, full = ''] = cells;
      if (!isSomething(full)) return [];
      const label = `${title}, ${placementTitles[placement]}`;
      return [[label, ...cells, roundsOf(context, places)]];
    }),
  );
  const cpu = ['server CPU, whole', 'server CPU, resumed'];
  const head = ['', 'without', 'whole', 'resumed', ...cpu, 'rounds'];
  return tableOf('From nothing to the first response', head, rows, {
    note: 'CPU is the server’s for a connection that is opened, answered once and closed.',
  });
}

/** A search and the opening of a connection, both ways, from the ledger of bytes. */
function bytesTable(context: TableContext): TableData[] {
  const { wire } = context.index.report;
  const rows = securedLanes(context).flatMap(({ plain, title }) =>
    [
      { operation: 'search', call: 'warm', title: 'a search' } as const,
      { operation: 'connect', call: 'connection', title: 'opening the connection' } as const,
    ].flatMap((wanted) => {
      const bars = wire === null ? [] : stack(wire, wanted.operation, wanted.call);
      const [without, secured] = [false, true].map((tls) =>
        bars.find((bar) => bar.lane === plain && bar.tls === tls),
      );
      if (without === undefined || secured === undefined) return [];
      const totals = [without, secured].map(({ total }) => formatCount(total));
      return [[`${title}: ${wanted.title}`, ...totals]];
    }),
  );
  return tableOf('Bytes of it, both ways', ['', 'without', 'over TLS'], rows);
}

function securedLanes({ index }: TableContext) {
  return index.report.lanes.flatMap(({ name }) => {
    const plain = name.endsWith(suffix) ? index.lane(name.slice(0, -suffix.length)) : undefined;
    return plain === undefined ? [] : [{ name, plain: plain.name, title: plain.title }];
  });
}
