import type { WireLedger } from '../ledger.ts';
import type { Recording } from '../record/recording.ts';
import { renderHexdump } from './hexdump.ts';
import { variationOf } from './packets.ts';
import { readingHelp } from './reading.ts';
import { bothWays } from './stack.ts';
import { walk } from './walk.ts';

/** The lanes whose sends docs/WIRE.md shows. */
export const documentLanes = ['sockets-framed', 'grpc-converse', 'grpc-unary'] as const;

/** The operations whose bytes over sockets docs/WIRE.md shows, besides a send. */
const shownOverSockets = { unread: 'loginUnread', resume: 'resume' } as const;

/**
 * Makes the blocks of docs/WIRE.md: the reading help; from recordings a later send on each lane and the
 * reason for its bytes, and two other operations over sockets; from the ledger the bytes of each operation.
 */
export function documentBlocks(
  ledger: WireLedger,
  recordings: readonly Recording[],
): ReadonlyMap<string, string> {
  const warm = recordings.filter(({ call, tls }) => call === 'warm' && !tls);
  const sends = warm.filter(({ operation }) => operation === 'send');
  const others = Object.entries(shownOverSockets).flatMap(([block, shown]) =>
    warm
      .filter(({ lane, operation }) => lane === documentLanes[0] && operation === shown)
      .map((recording) => [block, dump(recording)] as const),
  );
  const steps = walk(recordings).map(({ layers, text }, at) => {
    const letters = layers.length === 0 ? '' : `${layers.map((one) => `\`${one}\``).join(' ')} `;
    return `${at + 1}. ${letters}${text}`;
  });
  const help = readingHelp.map(({ about, text }) => `**${about}.** ${text}`);
  return new Map([
    ['reading', help.join('\n\n')],
    ['operations', operationsTable(ledger)],
    ['walk', steps.join('\n')],
    ...sends.map((recording) => [recording.lane, dump(recording)] as const),
    ...others,
  ]);
}

function dump(recording: Recording): string {
  return `\`\`\`text\n${renderHexdump(recording, { color: false })}\`\`\``;
}

/** The bytes of each later operation, from the fewest to the most that a random token makes of it. */
function operationsTable({ entries }: WireLedger): string {
  const warm = entries.filter(({ call, tls }) => call === 'warm' && !tls);
  const cell = (operation: string, lane: string) => {
    const entry = warm.find((one) => one.operation === operation && one.lane === lane);
    if (entry === undefined) return '';
    const [least, most] = variationOf(entry)?.tokens ?? [];
    return least === most ? `${bothWays(entry.total)}` : `${least} to ${most}`;
  };
  const operations = [...new Set(warm.map(({ operation }) => operation))];
  return [
    '| operation | sockets | Converse | unary call |',
    '| --- | --- | --- | --- |',
    ...operations.map((operation) =>
      ['', operation, ...documentLanes.map((lane) => cell(operation, lane)), ''].join(' | ').trim(),
    ),
  ].join('\n');
}

const block = /(<!-- generated: ([a-z-]+) -->\n)([\s\S]*?)\n?(<!-- end -->)/g;

/** The document with its generated blocks made anew; a block that is not given stays as it is. */
export function withBlocks(document: string, blocks: ReadonlyMap<string, string>): string {
  return document.replace(block, (_, begin: string, name: string, old: string, end: string) => {
    return `${begin}${blocks.get(name) ?? old}\n${end}`;
  });
}

/** The generated blocks that stand in a document, by name. */
export function blocksOf(document: string): ReadonlyMap<string, string> {
  return new Map([...document.matchAll(block)].map(([, , name = '', text = '']) => [name, text]));
}
