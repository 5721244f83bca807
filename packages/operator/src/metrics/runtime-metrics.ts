import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import {
  constants,
  type EventLoopUtilization,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Registry } from 'prom-client';
import { PlainHistogram } from './plain-histogram.ts';
import { counter, gauge, histogram } from './plain-metrics.ts';

// A timer each so many milliseconds; a delay is what it comes later.
const resolutionMs = 10;
const nsPerS = 1e9;

// Seconds. A minor collection takes a millisecond, a major one of a large heap a tenth of a second.
const gcBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

const gcTypes: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/**
 * Registers what tells how the process is: its event loop, garbage collection, memory, processor time and
 * open files. The names are those of OpenTelemetry's conventions for Node.js, V8 and processes.
 *
 * @param openFilesMax how many files the process may have open
 */
export function registerRuntimeMetrics(registry: Registry, openFilesMax: number): void {
  registerEventLoop(registry);
  registerCollections(registry);
  registerProcess(registry, openFilesMax);
}

/** Registers the delay of the event loop since the last look, and how busy it was. */
function registerEventLoop(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const seconds = (ns: number) =>
    delay.count === 0 ? 0 : Math.max(0, ns - resolutionMs * 1e6) / nsPerS;
  for (const percentile of [50, 90, 99]) {
    gauge(registry, {
      name: `nodejs_eventloop_delay_p${percentile}_seconds`,
      help: `Delay of the event loop since the last scrape that ${percentile} % of the looks did not exceed.`,
      read: () => [[{}, seconds(delay.percentile(percentile))]],
    });
  }
  gauge(registry, {
    name: 'nodejs_eventloop_delay_max_seconds',
    help: 'The longest delay of the event loop since the last scrape.',
    read: () => {
      const longest = seconds(delay.max);
      // The last to be read of these, as it is the last that is registered.
      delay.reset();
      return [[{}, longest]];
    },
  });
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  gauge(registry, {
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Part of the time since the last scrape in which the event loop did not wait for events.',
    read: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return [[{}, utilization]];
    },
  });
}

/** A garbage collection; the types of Node.js leave out its detail. */
type Collection = PerformanceEntry & { readonly detail: { readonly kind: number } };

function registerCollections(registry: Registry): void {
  const byType = new Map<string, PlainHistogram>();
  const observer = new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries() as unknown as readonly Collection[]) {
      const { kind } = detail;
      const type = gcTypes.get(kind) ?? 'other';
      const known = byType.get(type) ?? new PlainHistogram(gcBounds);
      byType.set(type, known);
      known.record(duration / 1_000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  histogram(registry, {
    name: 'v8js_gc_duration_seconds',
    help: 'Time of garbage collections.',
    labelNames: ['type'],
    bounds: gcBounds,
    read: () => [...byType].map(([type, times]) => [{ type }, times] as const),
  });
}

function registerProcess(registry: Registry, openFilesMax: number): void {
  counter(registry, {
    name: 'process_cpu_time_seconds_total',
    help: 'Processor time of the process, all its threads together.',
    labelNames: ['mode'],
    read: () => {
      const { user, system } = process.cpuUsage();
      return [
        [{ mode: 'user' }, user / 1e6],
        [{ mode: 'system' }, system / 1e6],
      ];
    },
  });
  gauge(registry, {
    name: 'process_memory_usage_bytes',
    help: 'Physical memory of the process.',
    read: () => [[{}, process.memoryUsage.rss()]],
  });
  gauge(registry, {
    name: 'v8js_memory_heap_used_bytes',
    help: 'Memory of objects of JavaScript.',
    read: () => [[{}, getHeapStatistics().used_heap_size]],
  });
  gauge(registry, {
    name: 'v8js_memory_heap_limit_bytes',
    help: 'The most that objects of JavaScript may take.',
    read: () => [[{}, getHeapStatistics().heap_size_limit]],
  });
  gauge(registry, {
    name: 'process_uptime_seconds',
    help: 'Time since the process began.',
    read: () => [[{}, process.uptime()]],
  });
  gauge(registry, {
    name: 'process_unix_file_descriptors_max',
    help: 'How many files the process may have open.',
    read: () => (Number.isFinite(openFilesMax) ? [[{}, openFilesMax]] : []),
  });
  gauge(registry, {
    name: 'process_unix_file_descriptors',
    help: 'Files that the process has open, connections among them.',
    read: countOpenFiles,
  });
}

const openFilesDirectory = '/proc/self/fd';

/** Counts open files. Linux 6.2 has their number as a size; before that each is named, which takes longer. */
async function countOpenFiles() {
  try {
    const { size } = statSync(openFilesDirectory);
    const count = size > 0 ? size : (await readdir(openFilesDirectory)).length;
    return [[{}, count] as const];
  } catch {
    return [];
  }
}
