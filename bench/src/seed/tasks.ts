/**
 * The metric of each question that the program of 2023 is asked: the three tasks that it timed itself,
 * and two that say how long a client waits and how much a server carries.
 */
export const metricOf = {
  'set-up': 'total',
  'op-suite': 'time',
  'registers-100': 'total',
  'latency-1': 'p50',
  'connections-16': 'throughput',
} as const;

/** A question that the program of 2023 is asked: a scenario of the lab. */
export type SeedTask = keyof typeof metricOf;

/** Every {@link SeedTask}, in the order of a report. */
export const seedTasks = Object.keys(metricOf) as readonly SeedTask[];
