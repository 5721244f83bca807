import { printable } from '../terminal/printable.ts';

type Row = Readonly<Record<string, unknown>>;

/** Returns the result of a command for people: a table of a list, else a line for each figure. */
export function renderResult(command: string, result: Row): string {
  switch (command) {
    case 'users':
      return `${table(result.users as Row[])}${result.cut === true ? 'There are more; use a longer query.\n' : ''}`;
    case 'sessions':
      return table(
        (result.sessions as Row[]).map(({ ms, ...row }) => ({
          ...row,
          seconds: Math.round(Number(ms) / 1_000),
        })),
      );
    case 'cluster':
      return table((result.nodes as Row[]).map(nodeRow));
    default:
      return lines(result);
  }
}

function nodeRow(row: Row): Row {
  const { node, state, addresses, process, version, since, clients, sessions, lagMs, leaseAgeMs } =
    row;
  return {
    node,
    state,
    clients,
    sessions,
    lag: lagMs,
    lease: leaseAgeMs,
    since,
    version,
    process,
    addresses: Object.entries(addresses ?? {}).map((entry) => entry.join(' ')),
  };
}

function table(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return 'none\n';
  const head = Object.keys(first);
  const cells = [head, ...rows.map((row) => head.map((name) => shown(row[name])))];
  const widths = head.map((_name, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Returns a line for each figure; one within another has both names. */
function lines(result: Row, prefix = ''): string {
  return Object.entries(result)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? lines(value as Row, `${prefix}${name}.`)
        : `${prefix}${name}: ${shown(value)}\n`,
    )
    .join('');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return printable(String(value ?? ''));
}
