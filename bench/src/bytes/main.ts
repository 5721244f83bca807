import { absolutePath } from '@tandem/command';
import type { WireOptions } from '../command.ts';
import { hasOwnWire, laneNames, loadLane } from '../lanes/index.ts';
import { UsageError } from '../usage-error.ts';
import { absence } from './record/absence.ts';
import { measureWire, recordWire } from './record/measure.ts';
import { renderHexdump } from './show/hexdump.ts';
import { renderWire } from './show/render.ts';

/** Prints the ledger of bytes, the bytes of one operation, or writes a page of all. */
export async function wire(options: WireOptions): Promise<void> {
  const { lanes, tls, json, hex, html, first } = options;
  if (first && hex === undefined) {
    throw new UsageError('--first is of --hex: add --hex, or leave it out');
  }
  for (const name of lanes ?? []) await refuseWithoutWire(name);
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  if (hex !== undefined) {
    await wireHex(hex, {
      ...options,
      lanes: lanes ?? ['sockets-framed', 'grpc-converse', 'grpc-unary'],
      color,
    });
    return;
  }
  if (html !== undefined) {
    const path = absolutePath(html);
    const { recordings } = await recordWire({ lanes: lanes ?? (await wireLanes()), tls: true });
    const { writeWirePage } = await import('../report/write.ts');
    await writeWirePage(recordings, path);
    process.stdout.write(`The page is ${html}\n`);
    return;
  }
  const ledger = await measureWire({ lanes: lanes ?? (await wireLanes()), tls: tls === true });
  process.stdout.write(
    json ? `${JSON.stringify(ledger, null, 2)}\n` : renderWire(ledger, { color }),
  );
}

async function wireHex(
  operation: string,
  { lanes, tls, first, color }: WireOptions & { lanes: readonly string[]; color: boolean },
): Promise<void> {
  const { recordings } = await recordWire({ lanes, tls: tls === true, until: operation });
  const asked = recordings.filter(
    ({ operation: name, call }) =>
      name === operation && (call === 'connection' || call === (first ? 'first' : 'warm')),
  );
  const missing = lanes.flatMap((lane) => {
    if (asked.some((recording) => recording.lane === lane)) return [];
    return [[`${lane} has no ${operation}.`, absence(lane, operation)].filter(Boolean).join(' ')];
  });
  if (asked.length === 0) {
    const none = `none of these lanes has the operation ${operation}`;
    throw new UsageError([none, ...missing].join('\n'));
  }
  const dumps = asked.map((recording) => renderHexdump(recording, { color }));
  process.stdout.write([...dumps, ...missing.map((text) => `${text}\n`)].join('\n\n'));
}

/** Refuses a lane that was asked for by name and sends nothing. */
async function refuseWithoutWire(name: string): Promise<void> {
  const { wire: kind } = await loadLane(name);
  if (kind === 'none') throw new UsageError(`${name} has no wire: leave it out`);
}

async function wireLanes(): Promise<string[]> {
  const lanes = await Promise.all(laneNames.map(loadLane));
  return lanes.filter((lane) => lane.hasChat && hasOwnWire(lane)).map(({ name }) => name);
}
