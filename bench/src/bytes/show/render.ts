import { styleText } from 'node:util';
import Table from 'cli-table3';
import { wrapped } from '../../terminal/table.ts';
import { layerNames } from '../dissect/tally.ts';
import { type Layer, layers } from '../layers.ts';
import type { WireLedger } from '../ledger.ts';
import { absences } from '../record/absence.ts';
import { type LedgerTable, ledgerTables } from './packets.ts';
import {
  jsonRow,
  type OperationRow,
  type OperationTable,
  operationTables,
  shortNames,
} from './table.ts';

/** The options for a ledger in a terminal. */
export interface RenderWireOptions {
  /** True for colours; false by default. */
  readonly color?: boolean;
}

/** The ledger for a terminal of 100 columns: a table for each operation. */
export function renderWire(ledger: WireLedger, { color = false }: RenderWireOptions = {}): string {
  const tables = operationTables(ledger);
  const used = new Set(tables.flatMap((table) => table.layers));
  const parts = [
    introduction,
    ...tables.map((table) => renderTable(table, color)),
    legend(used),
    ...absences(ledger).map((text) => wrapped('', text, width)),
    ...ledgerTables(ledger).map((table) => renderLedgerTable(table, color)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const width = 100;

const introduction = [
  'Bytes of TCP payload, by what they are for, both ways together. A warm call is one that comes',
  'after two like it, and is not the first of its second; "first" is the total of the first.',
].join('\n');

function renderTable(table: OperationTable, color: boolean): string {
  const head = ['', ...table.layers.map((layer) => shortNames[layer]), 'sent', 'recv', 'total'];
  if (table.repeats) head.push('first');
  const rows = table.rows.map((row) => cellsOf(row, table, color));
  return `${emphasize(titleOf(table), color)}\n${grid(head, rows, laneColumns)}`;
}

function renderLedgerTable({ title, note, head, rows }: LedgerTable, color: boolean): string {
  const firstColumns = Math.max(laneColumns, ...rows.map(([name = '']) => name.length + 2));
  const text = wrapped('', note, width);
  return `${emphasize(title, color)}\n${dim(text, color)}\n${grid(head, rows, firstColumns)}`;
}

function grid(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  firstColumns: number,
): string {
  const table = new Table({
    head: [...head],
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0, compact: true },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    colWidths: [firstColumns],
  });
  table.push(...rows.map((row) => [...row]));
  return trimLines(table.toString());
}

/** The title of a table: its operation, and TLS if its calls use it. */
export function titleOf({ operation, tls }: OperationTable): string {
  return tls ? `${operation}, over TLS 1.3` : operation;
}

// As wide as the longest name of a lane, so that the tables line up.
const laneColumns = 23;

function cellsOf(row: OperationRow, { layers, repeats }: OperationTable, color: boolean): string[] {
  const parts = layers.map((_, column) => count(row.layers?.[column]));
  const { sent, received } = row.total;
  const total = emphasize(count(sent + received), color);
  const cells = [row.lane, ...parts, count(sent), count(received), total];
  if (repeats) cells.push(count(row.first));
  return row.lane === jsonRow ? cells.map((cell) => dim(cell, color)) : cells;
}

// A zero is a dot; an undefined count is an empty cell.
function count(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  return bytes === 0 ? '.' : bytes.toLocaleString('en');
}

function legend(used: ReadonlySet<Layer>): string {
  const lines = layerNames
    .filter((layer) => used.has(layer))
    .map((layer) => `  ${shortNames[layer].padEnd(10)}${layers[layer]}`);
  return ['What the columns are:', ...lines].join('\n');
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function emphasize(text: string, color: boolean): string {
  return color ? styleText('bold', text, { validateStream: false }) : text;
}

function dim(text: string, color: boolean): string {
  return color && text !== '' ? styleText('dim', text, { validateStream: false }) : text;
}

const noBorders = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);
