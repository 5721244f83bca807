import type { WireEntry, WireHeader, WireLedger } from '../ledger.ts';

/** The bytes of each header on one lane, the first time and later. */
export interface HeaderTable {
  readonly lane: string;
  /** The lane's first operation, for which the tables of headers are still empty. */
  readonly operation: string;
  readonly rows: readonly HeaderRow[];
}

/** One header, by name and value. A member is undefined where the header did not cross. */
interface HeaderRow extends Pick<WireHeader, 'direction' | 'name' | 'value'> {
  /** The header at the opening of the connection, or at the first operation. */
  readonly opening: WireHeader | undefined;
  /** The same operation, warm. */
  readonly warm: WireHeader | undefined;
  /** A warm send, which needs a session. */
  readonly send: WireHeader | undefined;
}

/** The headers of each lane that has any, in the order in which they cross; without TLS. */
export function headerTables({ entries }: WireLedger): HeaderTable[] {
  const lanes = new Set(entries.filter(({ headers }) => headers).map(({ lane }) => lane));
  return [...lanes].map((lane) =>
    tableOf(entries.filter((entry) => entry.lane === lane && !entry.tls)),
  );
}

function tableOf(entries: readonly WireEntry[]): HeaderTable {
  const first = entries.find(({ call }) => call === 'first');
  const operation = first?.operation ?? '';
  const headersOf = (operation: string, call: WireEntry['call']) =>
    entries.find((entry) => entry.operation === operation && entry.call === call)?.headers ?? [];
  const opening = [...headersOf('connect', 'connection'), ...headersOf(operation, 'first')];
  const warm = headersOf(operation, 'warm');
  const send = headersOf('send', 'warm');
  const rows = distinct([...opening, ...warm, ...send]).map(({ direction, name, value }) => {
    const same = (header: WireHeader) =>
      header.direction === direction && header.name === name && header.value === value;
    return {
      direction,
      name,
      value,
      opening: opening.find(same),
      warm: warm.find(same),
      send: send.find(same),
    };
  });
  return { lane: first?.lane ?? '', operation, rows };
}

function distinct(headers: readonly WireHeader[]): WireHeader[] {
  const found = new Map<string, WireHeader>();
  for (const header of headers) {
    const key = JSON.stringify([header.direction, header.name, header.value]);
    if (!found.has(key)) found.set(key, header);
  }
  return [...found.values()].sort((a, b) => b.direction.localeCompare(a.direction));
}
