import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptAttack, measurement, record, server } from '../../../test/fixtures/figures.ts';
import { keep, readKept, renderJson } from './kept-report.ts';

const delay = { name: 'delay', passed: false, found: 'at worst 197 ms' } as const;
const stop = { name: 'stop', passed: true, found: 'ended with 0' } as const;

function written(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-kept-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'attacks.json');
  writeFileSync(path, text);
  return path;
}

test('has the figures of each attack, rounded, and all verdicts', () => {
  const run = {
    baseline: [{ kind: 'framed send', record }],
    attacks: [
      {
        attack: 'ping-flood',
        note: '3 held at the end',
        seconds: 2,
        honest: [{ kind: 'framed send', record: { ...record, worstMs: 12.34, worstOwnMs: 4.96 } }],
        server: { ...server, waitedShare: 0.12345 },
        counts: { connections: 8 },
        log: { messages: [], foreign: [], bytes: 0 },
        verdicts: [delay],
      },
    ],
    stoppedInMs: 100.4,
    verdicts: [stop],
  } as const;
  expect(keep(measurement, [run])).toEqual({
    ...measurement,
    attacks: [
      {
        ...keptAttack,
        note: '3 held at the end',
        honest: { 'framed send': { worstMs: 12.3, worstOwnMs: 5 } },
        server: { ...keptAttack.server, waitedShare: 0.123 },
        verdicts: [delay, stop],
      },
    ],
  });
});

test('is read as it was written, a line for each attack', () => {
  const report = { ...measurement, attacks: [keptAttack, keptAttack] };
  const json = renderJson(report);
  expect(readKept(written(json))).toEqual(report);
  expect(json.match(/^ *\{"attack":"ping-flood",.*\}/gm)).toHaveLength(2);
});

test.each(['{', '[]', 'null', '{"attacks": 1}'])('is not %s', (text) => {
  expect(() => readKept(written(text))).toThrow(
    /attacks\.json is no report of pnpm attack --json$/,
  );
});
