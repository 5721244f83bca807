import { renderHexdump } from './hexdump.ts';
import { readingHelp } from './reading.ts';
import type { Recording } from './recording.ts';
import { walk } from './walk.ts';

/** The lanes whose sends docs/WIRE.md shows. */
export const documentLanes = ['sockets-framed', 'grpc-converse', 'grpc-unary'] as const;

/**
 * Makes the blocks of docs/WIRE.md: the reading help, and from recordings a later send on each lane and
 * the reason for its bytes.
 */
export function documentBlocks(recordings: readonly Recording[]): ReadonlyMap<string, string> {
  const sends = recordings.filter(
    ({ operation, call, tls }) => operation === 'send' && call === 'warm' && !tls,
  );
  const dumps = sends.map((recording) => {
    const dump = renderHexdump(recording, { color: false });
    return [recording.lane, `\`\`\`text\n${dump}\`\`\``] as const;
  });
  const steps = walk(recordings).map(({ layers, text }, at) => {
    const letters = layers.length === 0 ? '' : `${layers.map((one) => `\`${one}\``).join(' ')} `;
    return `${at + 1}. ${letters}${text}`;
  });
  const help = readingHelp.map(({ about, text }) => `**${about}.** ${text}`);
  return new Map([['reading', help.join('\n\n')], ['walk', steps.join('\n')], ...dumps]);
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
