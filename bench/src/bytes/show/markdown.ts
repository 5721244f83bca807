import { layerNames } from '../dissect/tally.ts';
import { type Layer, layers } from '../layers.ts';
import type { WireLedger } from '../ledger.ts';
import { absences } from '../record/absence.ts';
import { type HeaderTable, headerTables } from './headers.ts';
import { ledgerTables } from './packets.ts';
import { titleOf } from './render.ts';
import { type OperationRow, type OperationTable, operationTables, shortNames } from './table.ts';

/** The ledger as Markdown: a table for each operation, then the headers of HTTP/2. */
export function renderWireMarkdown(ledger: WireLedger): string {
  const tables = operationTables(ledger);
  const used = new Set(tables.flatMap((table) => table.layers));
  return [
    introduction(ledger),
    ...tables.map(renderTable),
    legend(used),
    ...absences(ledger),
    ...ledgerTables(ledger).map(
      ({ title, note, head, rows }) => `### ${title}\n\n${note}\n\n${grid(head, rows)}`,
    ),
    ...headerTables(ledger).map(renderHeaders),
    '',
  ].join('\n\n');
}

function introduction({ content, entries }: WireLedger): string {
  const said = Object.entries(content).map(([what, text]) => `${what} \`${text}\``);
  const lanes = new Set(entries.map(({ lane }) => lane));
  return [
    'Bytes of TCP payload, by what they are for, both ways together, as a tap between client and server saw them.',
    'A warm call is one that comes after two like it on its connection, and is not the first of its second; *first* is the total of the first.',
    `The operations speak of ${said.join(', ')}; a bare echo carries what the operations of its lane do.`,
    ...(entries.some(({ headers }) => headers !== undefined) ? [aboutHeaders] : []),
    ...(lanes.has('grpc-unary') ? [aboutSubscribe] : []),
    ...(entries.some(({ tls }) => tls) ? [aboutTls] : []),
  ].join(' ');
}

const aboutHeaders =
  'A token, a date or a port takes a byte or two more or less from run to run, as the Huffman code of HPACK has it. The first response of each second writes its date out: a warm call here is not the first of its second.';

const aboutSubscribe =
  'Over unary calls, a login opens the stream of incoming messages too, and a logout or a delete ends it; the headers of its response come with the first message.';

const aboutTls =
  'Over TLS, a tunnel speaks it for client and server: a record is what one read of the bytes to be protected gave, at most 16 KiB, as it is when a program writes that much at once.';

function renderTable(table: OperationTable): string {
  const columns = [...table.layers.map((layer) => shortNames[layer]), 'sent', 'received', 'total'];
  if (table.repeats) columns.push('first');
  const rows = table.rows.map((row) => [row.lane, ...cellsOf(row, table)]);
  return `### ${titleOf(table)}\n\n${grid(['lane', ...columns], rows)}`;
}

function cellsOf(
  { layers, total, first }: OperationRow,
  table: OperationTable,
): (number | undefined)[] {
  const parts = table.layers.map((_, column) => layers?.[column]);
  const cells = [...parts, total.sent, total.received, total.sent + total.received];
  return table.repeats ? [...cells, first] : cells;
}

function legend(used: ReadonlySet<Layer>): string {
  return layerNames
    .filter((layer) => used.has(layer))
    .map((layer) => `- *${shortNames[layer]}*: ${layers[layer]}`)
    .join('\n');
}

function renderHeaders({ lane, operation, rows }: HeaderTable): string {
  const head = ['header', `opening and first ${operation}`, `warm ${operation}`, 'warm send'];
  const lines = rows.map(({ direction, name, value, opening, warm, send }) => [
    `${direction === 'sent' ? '→' : '←'} \`${name}: ${value}\``,
    ...[opening, warm, send].map((cell) => cell && `${cell.bytes} ${cell.representation}`),
  ]);
  return `### Headers on ${lane}, in bytes\n\n${grid(head, lines)}`;
}

function grid(
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  const line = (cells: readonly (string | number | undefined)[]) =>
    `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
