import type { WireEntry } from '../../wire/index.ts';
import { contenders, contenderWords } from '../analysis/contenders.ts';
import type { Report } from '../schema/report.ts';
import { formatCount, formatTimes } from './format.ts';
import type { Sentence } from './verdict-phrase.ts';

/** The operations that are put into words, and what they are called there. */
const operations = { search: 'a search', send: 'a send' } as const;

/**
 * The bytes of an operation on the wire, both ways together, without TLS, once the connection has seen
 * it before. Bytes are counted, not estimated: no interval is needed.
 */
export function bytesSentences({ wire }: Report): Sentence[] {
  return Object.entries(operations).flatMap(([operation, words]): Sentence[] => {
    const [sockets, ...others] = Object.values(contenders).map((lane) =>
      wire?.entries.find(
        (one) =>
          one.lane === lane && one.operation === operation && one.call === 'warm' && !one.tls,
      ),
    );
    const [first, ...more] = others.filter((entry) => entry !== undefined);
    if (sockets === undefined || first === undefined) return [];
    const { content } = sockets.layers;
    const said = content && ` (${formatCount(content.sent + content.received)} are content)`;
    const over = [sockets, first, ...more].map(
      (entry) => `${formatCount(bytesOf(entry))} over ${laneWords(entry)}`,
    );
    return [
      {
        topic: 'bytes',
        text: `the bytes of ${words} on the wire${said ?? ''}, once the connection is warm: ${over.join(', ')}.`,
        figure: formatTimes(bytesOf(first) / bytesOf(sockets)),
        short: `bytes of ${words}, ${laneWords(first)} over ${laneWords(sockets)}`,
        source: {
          ...{ scenario: 'wire', metric: 'bytes', placement: null },
          ...{ lane: first.lane, baseline: sockets.lane },
        },
      },
    ];
  });
}

function laneWords({ lane }: WireEntry): string {
  return contenderWords[lane] ?? lane;
}

function bytesOf({ total }: WireEntry): number {
  return total.sent + total.received;
}
