import { expect, test } from 'vitest';
import type { Headline } from '../rig/rounds/next-round.ts';
import { ratiosSoFar } from './ratios-so-far.ts';

const size = { columns: 76, rows: 20 };

function headline(
  scenario: string,
  lane: string,
  soFar: Omit<NonNullable<Headline['soFar']>, 'ratio'> | undefined,
  interval?: { readonly low: number; readonly high: number },
): Headline {
  const place = { scenario, placement: 'same-core', metric: 'p50', lane } as const;
  const rest = { baseline: 'sockets-framed', halfWidth: null, roundsMissing: null, cells: [] };
  if (soFar === undefined) return { ...place, ...rest, soFar };
  const ratio = { value: soFar.own / soFar.base, interval, n: interval === undefined ? 1 : 6 };
  return { ...place, ...rest, soFar: { ...soFar, ratio } };
}

const us = (own: number, base: number) => ({ own, base, unit: 'us' });

test('sets the ratios that are known below their scenario, with medians, intervals and rounds', () => {
  const text = ratiosSoFar(
    [
      headline('latency-1', 'grpc-unary', us(230, 25), { low: 9, high: 9.5 }),
      headline('latency-1', 'grpc-converse', us(50, 25)),
      headline('throughput-64', 'grpc-unary', undefined),
    ],
    size,
  );

  expect(text.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trim())).toEqual([
    'times  rounds',
    'latency-1, one core',
    'unary calls to sockets  230 µs  25.0 µs  9.2 [9.0, 9.5]  6',
    'one stream to sockets  50.0 µs  25.0 µs  2.00  1',
  ]);
});

test('is empty before there is a ratio', () => {
  expect(ratiosSoFar([headline('latency-1', 'grpc-unary', undefined)], size)).toBe('');
});

test('has no more lines and no wider ones than fit, and says how many ratios it leaves out', () => {
  const many = Array.from({ length: 30 }, (_, at) => headline('latency-1', `lane-${at}`, us(2, 1)));

  const lines = ratiosSoFar(many, { columns: 60, rows: 10 }).split('\n');

  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('and 23 more');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});
