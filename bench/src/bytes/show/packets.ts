import type { WireEntry, WireLedger } from '../ledger.ts';
import { packetHeaderBytes } from '../record/segments.ts';
import { bothWays } from './stack.ts';

/** A table of a ledger besides those of its operations, ready to be laid out. */
export interface LedgerTable {
  readonly title: string;
  /** The method of counting, and what it leaves out. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The bytes and packets of an operation with the headers of IP and TCP, both ways together. */
export interface Packets {
  /** The segments with data that both ends sent, and one acknowledgement without data. */
  readonly count: number;
  /** Payload and headers. */
  readonly bytes: number;
}

/**
 * The packets of a single operation: nothing follows within 40 ms, so TCP cannot send the
 * acknowledgement with data. Undefined where segments were not counted, or nothing crossed.
 */
export function packetsOf({ total, dataSegments }: WireEntry): Packets | undefined {
  const segments = bothWays(dataSegments);
  if (segments === 0) return undefined;
  const count = segments + 1;
  return { count, bytes: bothWays(total) + count * packetHeaderBytes };
}

/** The differences in an operation's bytes from one time to the next, both ways together. */
export interface Variation {
  /** The fewest and the most bytes for different tokens, which are random, in the second of the response before. */
  readonly tokens: readonly [number, number];
  /** The additional bytes of the first response of a new second, which writes its date out. */
  readonly newSecondBytes: number;
}

/** The variation of an operation; undefined when its bytes are always the same. */
export function variationOf({ total, headers = [] }: WireEntry): Variation | undefined {
  let [least, most] = [bothWays(total), bothWays(total)];
  let newSecondBytes: number | undefined;
  for (const { name, bytes, range } of headers) {
    if (range === undefined) continue;
    if (name === 'date') {
      // The second date of an operation is the same as the first.
      newSecondBytes ??= range[1] - bytes;
    } else {
      least += range[0] - bytes;
      most += range[1] - bytes;
    }
  }
  if (least === most && newSecondBytes === undefined) return undefined;
  return { tokens: [least, most], newSecondBytes: newSecondBytes ?? 0 };
}

/** The tables of a ledger besides payload: packets, and the differences from call to call. */
export function ledgerTables(ledger: WireLedger): LedgerTable[] {
  const warm = ledger.entries.filter(({ call, tls }) => call === 'warm' && !tls);
  return [packetTable(warm), variationTable(warm)].filter(({ rows }) => rows.length > 0);
}

const packetOperations = ['search', 'send', 'register', 'login', 'logout'] as const;

function packetTable(warm: readonly WireEntry[]): LedgerTable {
  const lanes = [...new Set(warm.map(({ lane }) => lane))];
  const cell = (lane: string, operation: string) => {
    const entry = warm.find((each) => each.lane === lane && each.operation === operation);
    const packets = entry && packetsOf(entry);
    return packets === undefined ? '' : `${packets.bytes} in ${packets.count}`;
  };
  const rows = lanes.map((lane) => [
    lane,
    ...packetOperations.map((operation) => cell(lane, operation)),
  ]);
  return {
    title: 'With the headers of IP and TCP: bytes, in packets',
    note: `Both ways together, of a warm operation that stands alone: the segments with data, which the kernel counted at the client’s socket and at the server’s (TCP_INFO), and one acknowledgement. Each packet has ${packetHeaderBytes} bytes of headers (IPv4, TCP, timestamps). Nagle’s algorithm is off on both sides, so each write leaves at once as a segment of its own; each is shorter than an Ethernet packet, so that a real line has as many as loopback.`,
    head: ['', ...packetOperations],
    rows: rows.filter((row) => row.slice(1).some((text) => text !== '')),
  };
}

function variationTable(warm: readonly WireEntry[]): LedgerTable {
  const rows = warm.flatMap((entry) => {
    const variation = variationOf(entry);
    if (variation === undefined) return [];
    const [least, most] = variation.tokens;
    const range = least === most ? String(least) : `${least} to ${most}`;
    const more = variation.newSecondBytes;
    return [[`${entry.lane}, ${entry.operation}`, range, more === 0 ? '' : `${more} more`]];
  });
  return {
    title: 'What differs from one time to the next: bytes of payload',
    note: 'Both ways together, of a warm operation. A session token is random, and HPACK’s Huffman code makes its bytes differ. A response over HTTP/2 has a date: while the second of the response before lasts, it is one byte, and a new second is written out. The tables of operations are of the same second; a client that makes one call a second or fewer pays the rest each time.',
    head: ['', 'same second', 'in a new second'],
    rows,
  };
}
