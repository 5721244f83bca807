import { type StackedBar, stack } from '../../bytes/index.ts';
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
    const bars = wire === null ? [] : stack(wire, operation, 'warm');
    const [sockets, ...others] = Object.values(contenders).map((lane) =>
      bars.find((one) => one.lane === lane && !one.tls),
    );
    const [first, ...more] = others.filter((bar) => bar !== undefined);
    if (sockets === undefined || first === undefined) return [];
    const content = sockets.layers.find(({ layer }) => layer === 'content');
    const said = content === undefined ? '' : ` (${formatCount(content.bytes)} are content)`;
    const over = [sockets, first, ...more].map(
      (bar) => `${formatCount(bar.total)} over ${laneWords(bar)}`,
    );
    return [
      {
        topic: 'bytes',
        text: `the bytes of ${words} on the wire${said}, once the connection is warm: ${over.join(', ')}.`,
        figure: formatTimes(first.total / sockets.total),
        short: `bytes of ${words}, ${laneWords(first)} over ${laneWords(sockets)}`,
        source: {
          scenario: 'wire',
          metric: 'bytes',
          placement: null,
          lane: first.lane,
          baseline: sockets.lane,
        },
      },
    ];
  });
}

function laneWords({ lane }: StackedBar): string {
  return contenderWords[lane] ?? lane;
}
