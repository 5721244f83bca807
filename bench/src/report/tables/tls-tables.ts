import { formatCount, formatRatioWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { figure, type TableContext, type TableData } from './table-data.ts';

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
        const place = { scenario, lane: name, placement };
        const [without, secured] = [
          figure(context, { ...place, lane: plain }, metric),
          figure(context, place, metric),
        ];
        if (secured === '' || secured === 'n/a') return [];
        const ratio = index.ratio(place, metric, plain);
        const times = ratio === undefined ? '' : formatRatioWithInterval(ratio.value, ratio.ci95);
        return [[`${title}: ${measure}, ${placementTitles[placement]}`, without, secured, times]];
      }),
    ),
  );
  if (rows.length === 0) return [];
  return [{ title: 'An operation over TLS', head: ['', 'without', 'over TLS', 'times'], rows }];
}

function setUpTable(context: TableContext): TableData[] {
  const rows = context.index.placements().flatMap((placement) =>
    securedLanes(context).flatMap(({ name, title, plain }) => {
      const of = (scenario: string, lane: string, metric: string) =>
        figure(context, { scenario, lane, placement }, metric);
      const full = of('handshake-full', name, 'total');
      if (full === '' || full === 'n/a') return [];
      return [
        [
          `${title}, ${placementTitles[placement]}`,
          of('set-up', plain, 'total'),
          full,
          of('handshake-resumed', name, 'total'),
          of('handshake-full', name, 'server-cpu'),
          of('handshake-resumed', name, 'server-cpu'),
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  return [
    {
      title: 'From nothing to the first answer',
      note: 'CPU is the server’s for a connection that is opened, answered once and closed.',
      head: ['', 'without', 'whole', 'resumed', 'server CPU, whole', 'server CPU, resumed'],
      rows,
    },
  ];
}

/** A search and the opening of a connection, both ways, from the ledger of bytes. */
function bytesTable(context: TableContext): TableData[] {
  const { wire } = context.index.report;
  const rows = securedLanes(context).flatMap(({ plain, title }) =>
    [
      { operation: 'search', call: 'warm', title: 'a search' },
      { operation: 'connect', call: 'connection', title: 'opening the connection' },
    ].flatMap((wanted) => {
      const [without, secured] = [false, true].map((tls) =>
        wire?.entries.find(
          (entry) =>
            entry.lane === plain &&
            entry.operation === wanted.operation &&
            entry.call === wanted.call &&
            entry.tls === tls,
        ),
      );
      if (without === undefined || secured === undefined) return [];
      const totals = [without, secured].map(({ total }) =>
        formatCount(total.sent + total.received),
      );
      return [[`${title}: ${wanted.title}`, ...totals]];
    }),
  );
  if (rows.length === 0) return [];
  return [{ title: 'Bytes of it, both ways', head: ['', 'without', 'over TLS'], rows }];
}

function securedLanes({ index }: TableContext) {
  return index.report.lanes.flatMap(({ name }) => {
    const plain = name.endsWith(suffix) ? index.lane(name.slice(0, -suffix.length)) : undefined;
    return plain === undefined ? [] : [{ name, plain: plain.name, title: plain.title }];
  });
}
