import { describe, expect, it, test } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRatio,
  formatReach,
  formatValue,
  formatWithInterval,
  formatWithReach,
} from './format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.0042, '0.004'],
    [0.6951, '0.695'],
    [1.4, '1.40'],
    [9.996, '10.0'],
    [26.19, '26.2'],
    [99.96, '100'],
    [1_234, '1,230'],
    [159_122, '159,000'],
    [-8.79, '-8.79'],
    [Number.NaN, '-'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatValue', () => {
  it.each([
    [26.2, 'us', '26.2 µs'],
    [1_820, 'us', '1.82 ms'],
    [2_340_000, 'us', '2.34 s'],
    [0.0022, 's', '2.20 ms'],
    [1.5, 'ms', '1.50 ms'],
    [0.2, 'ms', '200 µs'],
    [9_583.9, '1/s', '9,580/s'],
    [4_170, 'bytes', '4.17 KB'],
    [420, 'bytes', '420 bytes'],
    [12.5, 'us/operation', '12.5 µs'],
    [94, 'us/s', '94.0 µs/s'],
    [1.5, 'calls/operation', '1.50 calls'],
    [30_400, 'bytes/message', '30.4 KB'],
    [0.0415, 'fraction', '4.15 %'],
    [1_310_700, 'bytes/s', '1.31 MB/s'],
    [512, 'bytes/s', '512 bytes/s'],
    [3, 'parsecs', '3.00 parsecs'],
  ])('writes %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('intervals', () => {
  it('are in the unit of their value', () => {
    expect(formatWithInterval(1_020, [980, 1_100], 'us')).toBe('1.02 ms [0.980, 1.10]');
  });

  it('reach as far as their farther end', () => {
    expect(formatWithReach(100, [98, 105], 'us')).toBe('100 µs ±5.0%');
    expect(formatWithReach(100, [80, 105], 'us')).toBe('100 µs ±20%');
  });

  it('are left out where there is none', () => {
    expect(formatWithInterval(100, null, 'us')).toBe('100 µs');
    expect(formatWithReach(100, null, 'us')).toBe('100 µs');
    expect(formatWithReach(0, [0, 1], 'us')).toBe('0 µs');
  });
});

describe('ratios, fractions and counts', () => {
  it('have the decimals that matter', () => {
    expect([0.0039, 0.0294, 0.0996, 0.87, 1.02, 2.99, 8.14, 120.4].map(formatRatio)).toEqual([
      '0.0039',
      '0.029',
      '0.10',
      '0.87',
      '1.02',
      '2.99',
      '8.1',
      '120',
    ]);
    expect([0.004, 0.0996, 0.34].map(formatPercent)).toEqual(['0.4%', '10%', '34%']);
    expect(formatCount(10_000)).toBe('10,000');
  });
});

it.each([
  [45_000, '45 s'],
  [200_400, '3 min 20 s'],
  [3_900_000, '1 h 5 min'],
])('says %d ms as %s', (timeMs, words) => {
  expect(formatDuration(timeMs)).toBe(words);
});

test.each([
  [0.034, '3.4%'],
  [4.2, '420%'],
  [12, '13.0 times'],
  [3_261, 'more than 100 times: unusable'],
])('says how far a ratio reaches from 1: %d as %s', (reach, text) => {
  expect(formatReach(reach)).toBe(text);
});
