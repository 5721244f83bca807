import { z } from 'zod';

const count = z.int().min(0);
const us = z.number().min(0).nullable();

const threshold = z.strictObject({
  name: z.string().describe('the option that set it, without its dashes'),
  limit: z.number(),
  value: z.number().nullable().describe('null: there were too few operations to tell'),
  met: z.boolean(),
  text: z.string().describe('the same for people'),
});

/** One threshold, and whether it was met. */
export type Threshold = z.infer<typeof threshold>;

const latency = z.strictObject({
  of: z.enum(['all', 'search', 'send']),
  from: z
    .enum(['intended', 'actual'])
    .describe('the moment that latencies count from; in a closed loop both are the same'),
  count,
  meanUs: us,
  maxUs: us,
  percentiles: z.array(
    z.strictObject({
      percentile: z.number(),
      us: us.describe('null: fewer operations than are needed'),
      operationsNeeded: count.describe('ten beyond the percentile'),
    }),
  ),
});

/** The latencies of some of the operations. */
export type LatencyReport = z.infer<typeof latency>;

const second = z.strictObject({
  second: count.describe('from the beginning of the measurement, by when operations ended'),
  answered: count,
  refused: count,
  failed: count,
  p50Us: us,
  p99Us: us,
  maxUs: us,
});

/** One second of the measurement. */
export type SecondReport = z.infer<typeof second>;

/** The report of `bench load --json`. */
export const loadReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  startedAt: z.iso.datetime(),
  target: z.strictObject({
    host: z.string(),
    address: z.string(),
    port: z.int().min(1).max(65_535),
    transport: z.enum(['socket', 'grpc']),
    mode: z.enum(['converse', 'unary']).nullable().describe('null over sockets'),
  }),
  settings: z.strictObject({
    connections: count,
    ratePerSecond: z.number().nullable().describe('null: a closed loop'),
    arrivals: z.enum(['poisson', 'constant']).nullable(),
    depth: count.nullable().describe('null: an open loop'),
    durationMs: z.number(),
    warmUpMs: z.number(),
    sendsShare: z.number().min(0).max(1),
    bodyChars: count,
    seed: count,
  }),
  interrupted: z.boolean().describe('ended before its time'),
  measuredMs: z.number().min(0),
  operations: z
    .strictObject({
      due: count,
      answered: count,
      refused: count,
      failed: count,
      perSecond: z.number().min(0).describe('those answered while the measurement went on'),
    })
    .describe('due = answered + refused + failed'),
  statuses: z.array(
    z.strictObject({ status: count, name: z.string(), refusal: z.boolean(), count }),
  ),
  errors: z
    .array(z.strictObject({ kind: z.string(), count, text: z.string() }))
    .describe('of failed operations and failed connects; the text is that of the first'),
  connects: z.strictObject({ succeeded: count, failed: count }),
  accounts: z.strictObject({
    prefix: z.string(),
    registered: count,
    deleted: count.describe('by this command, or gone with a server that keeps nothing'),
    leftBehind: count,
    reason: z.string().nullable().describe('why some are left behind'),
  }),
  latency: z.array(latency).describe('the first is of all operations, from the intended time'),
  seconds: z.array(second),
  client: z.strictObject({
    eventLoopUtilization: z.number().min(0).max(1),
  }),
  warnings: z.array(z.string()),
  thresholds: z.array(threshold),
  ok: z.boolean().describe('something was answered, and every threshold met'),
});

/** The result of a load. */
export type LoadReport = z.infer<typeof loadReportSchema>;

/** The shape of the report as JSON Schema, draft 2020-12. */
export function loadReportJsonSchema(): object {
  const { $schema, ...shape } = z.toJSONSchema(loadReportSchema, { target: 'draft-2020-12' });
  return {
    $schema,
    $id: 'urn:tandem:bench:load:1',
    title: 'A load on a Tandem server',
    description: 'What bench load did, and how the server answered. Latencies are in microseconds.',
    ...shape,
  };
}

const secondColumns = [
  ...['second', 'answered', 'refused', 'failed'],
  ...['p50Us', 'p99Us', 'maxUs'],
] as const satisfies readonly (keyof SecondReport)[];

/** The seconds as CSV with a head; an empty field where there is no figure. [RFC 4180] */
export function secondsCsv(seconds: readonly SecondReport[]): string {
  const rows = seconds.map((each) => secondColumns.map((column) => each[column] ?? ''));
  return [secondColumns, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
