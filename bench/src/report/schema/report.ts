import { z } from 'zod';
import { wireLedgerSchema } from '../../bytes/ledger.ts';
import { complexitySchema } from '../../complexity/schema.ts';

// The report is what a run of the lab leaves behind. This schema is the one source of its shape: the
// type below, the JSON Schema beside the reports, and the check of a file that is read again.

const text = z.string();
const count = z.int().nonnegative();
const atLeast0 = z.number().nonnegative();
const positive = z.number().positive();
const number = z.number().nullable();
const name = z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/);

/** A 95% confidence interval, low then high; null when there were too few runs for one. */
const ci95 = z
  .tuple([z.number(), z.number()])
  .nullable()
  .describe('95% confidence interval [low, high]; null when there were too few runs');

const placement = z.enum(['same-core', 'different-cores', 'unpinned']);

/** Names a cell: where a figure was measured. */
const place = { scenario: name, lane: name, placement } as const;

const lane = z.strictObject({
  name,
  title: text,
  description: text,
  kind: z.enum(['control', 'sockets', 'grpc']),
  baselines: z.array(name),
  depthMax: positive.nullable().describe('requests under way on one connection; null: no bound'),
  settings: z
    .record(text, text)
    .describe('the fairness ledger: every setting that could tilt a comparison'),
});

const metric = z.strictObject({
  name,
  title: text,
  unit: text.describe('ms, us, s, 1/s, bytes, us/operation, us/message, ...'),
  better: z.enum(['lower', 'higher']),
});

const scenario = z.strictObject({
  name: name.describe('one question at one point, such as throughput-64'),
  family: name.describe('the question, such as throughput'),
  title: text,
  question: text,
  parameters: z.record(text, z.union([z.number(), text])),
  metrics: z.array(metric),
});

const disturbance = z
  .strictObject({
    othersCores: atLeast0.describe('cores that other programs kept busy, on average'),
    stolenCores: atLeast0.describe('cores that the hypervisor gave to others'),
    disturbed: z.boolean().describe('by the rule of the report'),
  })
  .describe('what else there was beside the processes of a run, from their start to their end');

const calibration = z
  .strictObject({ cpuUs: positive, wakeUpUs: positive })
  .describe(
    'what work took that is always the same: CPU work, and the wake-up of a thread and back',
  );

/** The result of one pair of fresh processes in one cell. */
const run = z.strictObject({
  round: count,
  position: count.describe('place in the round, from 0: which cells ran before it'),
  values: z.record(name, z.number()).describe('one value for each metric'),
  valid: z.boolean(),
  why: z.array(text).describe('each reason for which it is not valid'),
  notes: z.array(text).describe('what should be known of it, valid or not: not steady, say'),
  operations: count,
  errors: count,
  steady: z
    .boolean()
    .nullable()
    .describe('null where there is no warm-up to judge, as with a first connection'),
  warmUpMs: atLeast0,
  measuredMs: atLeast0,
  clientUtilisation: number.describe('of the event loop, 0 to 1'),
  serverUtilisation: number.describe('of the event loop, 0 to 1'),
  achievedPerSecond: number,
  targetPerSecond: number.describe('null in a closed loop'),
  littlesLawError: number.describe('|L - lambda W| / L; null where it does not apply'),
  disturbance: disturbance
    .nullable()
    .optional()
    .describe('null where it cannot be known; absent where it was not looked for'),
  calibration: z
    .strictObject({ before: calibration, after: calibration })
    .optional()
    .describe('how fast the machine was at either end'),
  slow: z
    .boolean()
    .optional()
    .describe('the machine was: it counts only where no run of its cell was calm'),
});

const cell = z.strictObject({
  ...place,
  valid: z.boolean(),
  why: z.array(text),
  runs: z.array(run),
});

const result = z.strictObject({
  ...place,
  metric: name,
  unit: text,
  value: z.number().describe('median of the runs; of the valid ones, if there are any'),
  ci95,
  n: count.describe('process runs behind the value'),
  valid: z.boolean(),
  samples: z.array(z.number()).describe('one value for each process run, in the order of rounds'),
});

const ratio = z.strictObject({
  ...place,
  metric: name,
  baseline: name,
  value: z.number().describe('lane over baseline, taken within each round'),
  ci95,
  n: count,
  valid: z.boolean(),
  floor: atLeast0
    .nullable()
    .describe(
      'what the rig alone may make of it, by these two lanes against themselves; null where neither ran twice',
    ),
  verdict: z.enum([
    'higher',
    'lower',
    'no detectable difference',
    'within the noise floor',
    'not enough runs',
  ]),
});

const skipped = z.strictObject({
  scenario: name,
  lane: name,
  placement: placement.nullable().describe('null: wherever it would run'),
  reason: text,
});

const noise = z.strictObject({
  floors: z
    .array(
      z.strictObject({
        scenario: name,
        metric: name,
        placement,
        lane: name.describe('the lane that ran twice'),
        ratio: z.number(),
        ci95,
        floor: atLeast0.describe(
          'how far from 1 the ratio of two equal lanes may come to lie, as a fraction',
        ),
      }),
    )
    .describe('A/A: the same lane measured against itself'),
  injected: z
    .array(
      z.strictObject({
        ...place,
        baseline: name,
        injectedUs: z.number(),
        seenUs: z.number(),
        ci95,
        seen: z.boolean(),
      }),
    )
    .describe('a delay of known length on the server of one lane, and what the rig saw of it'),
});

/** The end of the rounds, with its reason. */
const ended = z
  .strictObject({
    reason: z
      .enum(['narrow', 'time', 'rounds', 'interrupted'])
      .describe(
        'the intervals were narrow; the time was over; as many rounds as there may be; Ctrl-C',
      ),
    tookMs: atLeast0,
    timeMsMax: positive.nullable().describe('null: as long as it takes'),
    halfWidthMax: positive.describe('how narrow they were to be, as a fraction'),
    headlines: z
      .array(
        z.strictObject({
          ...place,
          metric: name,
          baseline: name,
          halfWidth: atLeast0.nullable().describe('null: no interval'),
          moreMs: atLeast0
            .nullable()
            .describe(
              'how much longer until it is narrow, by the width that it has; null: unknown',
            ),
        }),
      )
      .describe('the ratios that the rounds were for'),
  })
  .describe('absent where no round began');

const fingerprint = z.strictObject({
  machine: text.describe('as the kernel names it, or "not known"'),
  cpu: text,
  cores: count,
  memoryBytes: count,
  virtualisation: text,
  kernel: text,
  scaling: text.describe('CPU frequency governor and turbo, as far as the kernel tells'),
  runtime: text,
  v8: text,
  libuv: text,
  openssl: text,
  loadAverage: z.array(z.number()).describe('1, 5 and 15 minutes, before the first cell'),
  dependencies: z.record(text, text).describe('versions of the packages that are measured'),
  lockfileSha256: text,
  commit: text,
  dirty: z.boolean().describe('the tree had changes that no commit has'),
  mitigations: z
    .record(text, text)
    .nullable()
    .optional()
    .describe('leaks that concern the processor, and what the kernel does about each'),
  caches: z.record(text, text).nullable().optional().describe('of the first core'),
  costs: z
    .strictObject({
      kernelEntryUs: positive.describe('getuid, called from Node.js'),
      switchUs: positive.describe(
        'half of a byte there and back through pipes, both processes on one core',
      ),
      switchAcrossUs: positive.nullable().describe('the same, on two cores'),
      warmCodeUs: positive.describe('400 functions, each other code, run often'),
      coldCodeUs: positive.describe('the same, behind a walk over 64 MiB'),
    })
    .nullable()
    .optional()
    .describe('calibrated before the first cell; null where processes cannot be pinned'),
});

/** The version of the schema that reports have. */
export const schemaVersion = 2;

/** The report of a run of the lab. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  title: text,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  complete: z.boolean().describe('false when the run was ended before its plan'),
  citable: z.boolean(),
  notCitableBecause: z.array(text),
  preset: z.enum(['quick', 'core', 'full', 'long', 'custom']),
  options: z.strictObject({
    rounds: count.describe('what every cell was promised; some have more'),
    roundsDone: count,
    measureMs: positive.describe('the shortest that a run measures'),
    measureOperations: count
      .optional()
      .describe('it goes on until it has so many, or for measureMsMax'),
    measureMsMax: positive.optional(),
    warmUpMsMax: positive.describe('the longest wait behind the operations until a run is steady'),
    warmUpOperationsMin: count,
    lanes: z.array(name),
    scenarios: z.array(name),
    placements: z.array(placement),
    seed: count,
  }),
  ended: ended.optional(),
  calm: calibration
    .optional()
    .describe(
      'what the calibrated loop takes while the machine is calm; absent where no round began',
    ),
  slowRule: text.describe('the rule by which runs are slow, in words'),
  steadyRule: text.describe('the rule by which warm-up ended, in words'),
  disturbedRule: text.describe('the rule by which runs are disturbed, in words'),
  placements: z.array(z.strictObject({ name: placement, description: text })),
  fingerprint,
  lanes: z.array(lane),
  scenarios: z.array(scenario),
  agreement: z
    .strictObject({
      agree: z.boolean(),
      lanes: z.array(z.strictObject({ lane: name, agrees: z.boolean(), difference: text })),
    })
    .describe('outcomes of the op suite, compared across lanes before anything is timed'),
  results: z.array(result),
  cells: z.array(cell),
  skipped: z.array(skipped),
  ratios: z.array(ratio),
  noise,
  published: z.array(
    z.strictObject({
      task: name.describe('the scenario that asks the same question'),
      transport: z.enum(['sockets', 'grpc']),
      seconds: z.number(),
      source: text,
    }),
  ),
  wire: wireLedgerSchema.nullable().describe('null when it was not asked for'),
  complexity: complexitySchema.nullable(),
  notShown: z.array(text).describe('what this report does not show'),
});

/** A run of the lab: its settings, machine, figures, and what they do not show. */
export type Report = z.infer<typeof reportSchema>;
/** The cores that both processes of a run have. */
export type Placement = z.infer<typeof placement>;
/** One pair of fresh processes. */
export type ReportRun = z.infer<typeof run>;
/** A scenario, a lane and a placement, with all runs. */
export type ReportCell = z.infer<typeof cell>;
/** One metric of a cell. */
export type ReportResult = z.infer<typeof result>;
/** One metric of a lane over that of a baseline. */
export type ReportRatio = z.infer<typeof ratio>;
/** A client and a server, with their settings. */
export type ReportLane = z.infer<typeof lane>;
/** A question, with its parameters and metrics. */
export type ReportScenario = z.infer<typeof scenario>;
/** The machine, its programs and the commit. */
export type Fingerprint = z.infer<typeof fingerprint>;
