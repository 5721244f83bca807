import { z } from 'zod';
import { median, ratioOfPairs } from '../statistics/index.ts';

const values = z
  .array(z.number().positive())
  .describe('one for each round, each of a fresh server and a fresh client process');
const side = z.strictObject({
  values,
  median: z.number(),
  serverCpuUs: z.array(z.number()).describe('CPU of the server for each operation, in each round'),
});

/** The result of one question for one transport: both servers, with the same client. */
const seedResult = z.strictObject({
  transport: z.enum(['sockets', 'grpc']),
  scenario: z.string(),
  metric: z.string(),
  unit: z.string(),
  theirs: side.describe('the server of 2023, unchanged'),
  ours: side,
  ratio: z.strictObject({
    value: z.number().describe('theirs to ours, the median over the rounds'),
    ci95: z.tuple([z.number(), z.number()]).nullable().describe('null with fewer than six rounds'),
  }),
});
/** A figure of the program of 2023 beside ours. */
export type SeedResult = z.infer<typeof seedResult>;

/** The program of 2023 and our servers, measured together on one machine. */
export const seedReportSchema = z.strictObject({
  startedAt: z.iso.datetime(),
  program: z.string().describe('the commit of the program, or that it is not known'),
  machine: z.record(z.string(), z.string()),
  commit: z.string(),
  placement: z.string(),
  rounds: z.int(),
  warmUpOperations: z.int(),
  measureMs: z.number().optional().describe('the time of each run, where it was asked for'),
  runs: z.int(),
  disturbedRuns: z.int().describe('beside which other programs kept the machine busy'),
  results: z.array(seedResult),
});
/** The result of a run against the program of 2023. */
export type SeedReport = z.infer<typeof seedReportSchema>;

/** The figures of one side, in the order of the rounds. */
export interface SideRuns {
  readonly values: readonly number[];
  readonly serverCpuUs: readonly number[];
}

/** Joins the rounds of both sides into a result: ratios are taken within rounds. */
export function seedResultOf(
  what: Pick<SeedResult, 'transport' | 'scenario' | 'metric' | 'unit'>,
  theirs: SideRuns,
  ours: SideRuns,
): SeedResult {
  const { value, interval } = ratioOfPairs(theirs.values, ours.values);
  return {
    ...what,
    theirs: sideOf(theirs),
    ours: sideOf(ours),
    ratio: { value, ci95: interval === undefined ? null : [interval.low, interval.high] },
  };
}

function sideOf({ values, serverCpuUs }: SideRuns): SeedResult['theirs'] {
  return { values: [...values], median: median(values), serverCpuUs: [...serverCpuUs] };
}
