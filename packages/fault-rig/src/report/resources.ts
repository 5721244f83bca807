import type { ResourceSample } from '../server/sample.ts';
import { type Allowance, type Trend, trendOf } from './flatness.ts';

/** A resource of the long-lived server that must not grow. */
export interface ResourceTrend extends Trend {
  readonly resource: string;
  readonly unit: 'bytes' | 'count';
}

interface Resource {
  readonly resource: string;
  readonly unit: ResourceTrend['unit'];
  readonly value: (sample: ResourceSample) => number | undefined;
  readonly allowance: Allowance;
}

const mebibyte = 1024 * 1024;

const resources: readonly Resource[] = [
  {
    resource: 'resident memory',
    unit: 'bytes',
    value: ({ rssBytes }) => rssBytes,
    // The allocator may keep memory that is free.
    allowance: { absolute: 16 * mebibyte, relative: 0.1 },
  },
  {
    resource: 'heap',
    unit: 'bytes',
    value: ({ heapBytes }) => heapBytes,
    allowance: { absolute: mebibyte, relative: 0.05 },
  },
  {
    resource: 'file descriptors',
    unit: 'count',
    value: ({ descriptors }) => descriptors,
    allowance: { absolute: 2, relative: 0 },
  },
  {
    resource: 'handles',
    unit: 'count',
    value: ({ handles }) => handles,
    allowance: { absolute: 2, relative: 0 },
  },
];

/** Finds the trend of each resource, from samples of one server, taken when no client was connected. */
export function resourceTrends(samples: readonly ResourceSample[]): ResourceTrend[] {
  return resources.flatMap(({ resource, unit, value, allowance }) => {
    const points = samples.flatMap((sample) => {
      const found = value(sample);
      return found === undefined ? [] : [{ atMs: sample.atMs, value: found }];
    });
    if (points.length === 0) return [];
    return [{ resource, unit, ...trendOf(points, allowance) }];
  });
}
