import type { WireOptions } from '../command.ts';
import { hasOwnWire, laneNames, loadLane } from '../lanes/index.ts';
import { UsageError } from '../usage-error.ts';
import { absence } from './record/absence.ts';
import { measureWire, recordWire } from './record/measure.ts';
import { renderHexdump } from './show/hexdump.ts';
import { renderWire } from './show/render.ts';

/** Prints the ledger of bytes, the bytes of one operation, or writes a page of all. */
export async function wire(options: WireOptions): Promise<void> {
  const { lanes, tls, json, hex, html } = options;
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
    const { recordings } = await recordWire({ lanes: lanes ?? (await wireLanes()), tls: true });
    const { writeWirePage } = await import('../report/write.ts');
    await writeWirePage(recordings, html);
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
    const reason = absence(lane, operation);
    return reason === undefined ? [] : [`${lane} has no ${operation}. ${reason}`];
  });
  if (asked.length === 0) {
    const none = `none of these lanes has the operation ${operation}`;
    throw new UsageError([none, ...missing].join('\n'));
  }
  const dumps = asked.map((recording) => renderHexdump(recording, { color }));
  process.stdout.write([...dumps, ...missing.map((text) => `${text}\n`)].join('\n\n'));
}

async function wireLanes(): Promise<string[]> {
  const lanes = await Promise.all(laneNames.map(loadLane));
  return lanes.filter((lane) => lane.hasChat && hasOwnWire(lane)).map(({ name }) => name);
}
