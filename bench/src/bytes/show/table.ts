import type { Layer } from '../layers.ts';
import type { Traffic, WireEntry, WireLedger } from '../ledger.ts';
import { operations } from '../record/script.ts';
import { bothWays, presentLayers } from './stack.ts';

/** The bytes of an operation on each lane, ready to be laid out. */
export interface OperationTable {
  readonly operation: string;
  readonly tls: boolean;
  /** True if the operation has a first and a warm call; false where a connection opens or closes. */
  readonly repeats: boolean;
  readonly layers: readonly Layer[];
  readonly rows: readonly OperationRow[];
}

/** One lane of it. */
export interface OperationRow {
  readonly lane: string;
  /** The warm call's bytes of each of the table's layers, both ways together; absent for JSON. */
  readonly layers: readonly number[] | undefined;
  readonly total: Traffic;
  /** The total of the first call, both ways together. */
  readonly first: number | undefined;
}

/** The short names of the layers, for narrow tables. */
export const shortNames: Readonly<Record<Layer, string>> = {
  content: 'content',
  separators: 'sep.',
  framing: 'framing',
  protobuf: 'protobuf',
  json: 'JSON',
  grpcPrefix: 'prefix',
  http1: 'HTTP/1.1',
  webSocket: 'WebSocket',
  http2Frames: 'frames',
  hpack: 'HPACK',
  settings: 'SETTINGS',
  windowUpdate: 'window',
  ping: 'PING',
  http2Other: 'other',
  tlsHandshake: 'handshake',
  tlsRecords: 'TLS',
};

/** The name of the row with the same content as JSON. */
export const jsonRow = 'JSON, no framing';

/** The tables of a ledger, in the order of the script; those over TLS behind the others. */
export function operationTables(ledger: WireLedger): OperationTable[] {
  return [false, true].flatMap((tls) =>
    operations.flatMap((operation) => {
      const entries = ledger.entries.filter(
        (entry) => entry.operation === operation && entry.tls === tls,
      );
      return entries.length === 0 ? [] : [tableOf(ledger, operation, tls, entries)];
    }),
  );
}

function tableOf(
  { json }: WireLedger,
  operation: string,
  tls: boolean,
  entries: readonly WireEntry[],
): OperationTable {
  const settled = entries.filter(({ call }) => call !== 'first');
  const layers = presentLayers(settled);
  const rows = settled.map(({ lane, layers: bytes, total }) => ({
    lane,
    layers: layers.map((layer) => bothWays(bytes[layer])),
    total,
    first: firstOf(entries, lane),
  }));
  const asJson = json.filter((row) => row.operation === operation);
  return {
    operation,
    tls,
    repeats: settled.some(({ call }) => call === 'warm'),
    layers,
    rows: [...rows, ...asJson.map(jsonRowOf)],
  };
}

function firstOf(entries: readonly WireEntry[], lane: string): number | undefined {
  const first = entries.find((entry) => entry.lane === lane && entry.call === 'first');
  return first && bothWays(first.total);
}

function jsonRowOf({ bytes }: WireLedger['json'][number]): OperationRow {
  return { lane: jsonRow, layers: undefined, total: bytes, first: undefined };
}
