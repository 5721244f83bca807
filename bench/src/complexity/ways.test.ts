import { expect, test } from 'vitest';
import { sampleComplexity } from '../../test/sample-complexity.ts';
import type { CountedFile } from './schema.ts';
import { splitGuards } from './ways.ts';

const sample = sampleComplexity();

/** A report of before there was a role of guards, in which each way has so many lines. */
function reportOf(code: number, ...paths: readonly string[]) {
  const [file] = sample.files as [CountedFile];
  return {
    files: paths.map((path) => {
      return { ...file, path, role: 'grpc/server', lines: { ...file.lines, code: 10 } };
    }),
    ways: sample.ways.map((way) => ({ ...way, lines: { ...way.lines, code } })),
  };
}

const server = 'packages/grpc-server/src/server.ts';
const gate = 'packages/grpc-server/src/connections/call-gate.ts';
const unary = 'packages/grpc-server/src/unary/service.ts';

test('splits the guards off, by the roles of today', () => {
  const split = splitGuards(reportOf(20, server, gate, unary), 'grpc-converse');

  expect(split?.guards).toMatchObject({ files: 1, lines: { code: 10 } });
  expect(split?.rest).toMatchObject({ files: 1, lines: { code: 10 } });
  expect(splitGuards(reportOf(30, server, gate, unary), 'grpc-unary')?.rest.files).toBe(2);
});

test('splits nothing of a report whose files had other places, and of no way that there is not', () => {
  expect(splitGuards(reportOf(30, server, gate, unary), 'grpc-converse')).toBeUndefined();
  expect(splitGuards(reportOf(20, server, gate), 'carrier-pigeon')).toBeUndefined();
});
