import type { WireEntry } from '../../wire/index.ts';
import { contenders, contenderWords } from '../analysis/contenders.ts';
import type { Report } from '../schema/report.ts';
import { formatCount, formatTimes } from './format.ts';
import type { Sentence } from './verdict-phrase.ts';

/** The operations that are put into words, and what they are called there. */
const operations = { search: 'a search', send: 'a send' } as const;

/**
 * What an operation takes on the wire, both ways together, without TLS, once the connection has seen
 * it before. Bytes are counted, not estimated: no interval is needed.
 */
export function bytesSentences({ wire }: Report): Sentence[] {
  if (wire === null) return [];
  return Object.entries(operations).flatMap(([operation, words]) => {
    const entryOf = (lane: string) =>
      wire.entries.find(
        (entry) =>
          entry.lane === lane &&
          entry.operation === operation &&
          entry.call === 'warm' &&
          !entry.tls,
      );
    const sockets = entryOf(contenders.sockets);
    const others = [contenders.unary, contenders.converse].flatMap((lane) => entryOf(lane) ?? []);
    const [first] = others;
    if (sockets === undefined || first === undefined) return [];
    return [sentence(words, sockets, first, others)];
  });
}

function sentence(
  words: string,
  sockets: WireEntry,
  first: WireEntry,
  others: readonly WireEntry[],
): Sentence {
  const { content } = sockets.layers;
  const figure = formatTimes(bytesOf(first) / bytesOf(sockets));
  const over = [sockets, ...others].map(
    (entry) => `${formatCount(bytesOf(entry))} over ${contenderWords[entry.lane] ?? entry.lane}`,
  );
  const said =
    content === undefined ? '' : ` (${formatCount(content.sent + content.received)} are content)`;
  return {
    topic: 'bytes',
    text: `the bytes of ${words} on the wire${said}, once the connection is warm: ${over.join(', ')}.`,
    figure,
    short: `bytes of ${words}, ${contenderWords[first.lane] ?? first.lane} over ${contenderWords[sockets.lane] ?? sockets.lane}`,
    source: {
      scenario: 'wire',
      metric: 'bytes',
      placement: null,
      lane: first.lane,
      baseline: sockets.lane,
    },
  };
}

function bytesOf({ total }: WireEntry): number {
  return total.sent + total.received;
}
