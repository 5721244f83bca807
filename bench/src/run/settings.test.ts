import { expect, test } from 'vitest';
import { laneNames } from '../lanes/index.ts';
import { scenarios } from '../scenarios/index.ts';
import { addedRounds } from '../statistics/verdicts/simulated-lab.ts';
import { presets } from './presets.ts';
import { resolve } from './settings.ts';
import { type Settings, SettingsError } from './settings-schema.ts';

test('is the core of the comparison by default', () => {
  const resolved = resolve({});

  expect(resolved).toMatchObject({ preset: 'core', notCitableBecause: [] });
  expect(resolved.limits).toMatchObject({ roundsMin: 6, roundsMax: 18, halfWidthMax: 0.05 });
  const { calibrated: _, ...simulated } = addedRounds;
  expect(resolved.limits).toMatchObject(simulated);
  expect(resolved.placements).toEqual(['same-core', 'different-cores']);
});

test.each(Object.values(presets))(
  '$name names lanes and scenarios that there are',
  ({ questions }) => {
    const names = scenarios.map(({ name }) => name);

    for (const { scenario, lanes } of questions) {
      expect(names).toContain(scenario);
      for (const lane of lanes) expect(laneNames).toContain(lane);
    }
  },
);

test('the long run has every scenario, and every lane at least once', () => {
  const { questions } = resolve({ preset: 'long' });

  expect(questions.map(({ scenario }) => scenario)).toEqual(scenarios.map(({ name }) => name));
  expect(new Set(questions.flatMap(({ lanes }) => lanes))).toEqual(new Set(laneNames));
});

test('the full run measures no scenario of a lane twice', () => {
  const { questions, placements: all } = resolve({ preset: 'full' });
  const cells = questions.flatMap(({ scenario, lanes, placements = all }) =>
    lanes.flatMap((lane) => placements.map((placement) => `${scenario} ${lane} ${placement}`)),
  );

  expect(new Set(cells).size).toBe(cells.length);
});

test('the full run gives its surveys as many rounds as all others when rounds are asked for', () => {
  const roundsOf = (settings: Settings) => [
    ...new Set(resolve({ preset: 'full', ...settings }).questions.map(({ rounds }) => rounds)),
  ];

  expect(roundsOf({})).toEqual([3, undefined]);
  expect(roundsOf({ minutes: 60 })).toEqual([3, undefined]);
  expect(roundsOf({ rounds: 8 })).toEqual([undefined]);
});

test('measures in the given placements, also scenarios that the preset has in one placement only', () => {
  const of = (settings: Settings) =>
    resolve({ preset: 'long', scenarios: ['idle-1'], ...settings }).questions[0]?.placements;

  expect(of({})).toEqual(['same-core']);
  expect(of({ placements: ['unpinned'] })).toBeUndefined();
});

test('measures every scenario on the given lanes, or the given scenarios', () => {
  const lanes = ['grpc-unary', 'sockets-framed'];

  expect(resolve({ lanes }).questions.every((each) => each.lanes.length === 2)).toBe(true);
  expect(resolve({ lanes, scenarios: ['delivery'] }).questions).toEqual([
    { scenario: 'delivery', lanes },
  ]);
  expect(resolve({ lanes }).preset).toBe('custom');
});

test('takes the name of a family as all of its scenarios, each once', () => {
  const names = (wanted: string[]) =>
    resolve({ scenarios: wanted }).questions.map(({ scenario }) => scenario);

  expect(names(['throughput-16', 'throughput'])).toEqual([
    'throughput-16',
    'throughput-1',
    'throughput-64',
    'throughput-256',
  ]);
  expect(names(['set-up'])).toEqual(['set-up']);
});

test('lists the lanes and scenarios when one does not exist', () => {
  expect(() => resolve({ lanes: ['carrier-pigeon'] })).toThrow(SettingsError);
  expect(() => resolve({ lanes: ['carrier-pigeon'] })).toThrow(/no lane carrier-pigeon.*net-echo/);
  expect(() => resolve({ scenarios: ['speed'] })).toThrow(/no scenario speed.*latency-1/);
});

test('has exactly the rounds that were asked for, and adds some only where that was asked for', () => {
  const limitsOf = (settings: Settings) => resolve(settings).limits;
  const endless = Number.POSITIVE_INFINITY;

  expect(limitsOf({ rounds: 9 })).toMatchObject({ roundsMax: 9, timeMsMax: endless });
  expect(limitsOf({ rounds: 9, minutes: 2 })).toMatchObject({ roundsMax: 27, timeMsMax: 120_000 });
  expect(limitsOf({ halfWidth: 2 })).toMatchObject({ roundsMin: 6, halfWidthMax: 0.02 });
  expect(limitsOf({ preset: 'quick' })).toMatchObject({ roundsMin: 2, roundsMax: 2 });
});

test('repeats slow runs where there are intervals', () => {
  expect(resolve({ rounds: 10 }).limits.repeatsMax).toBe(10);
  expect(resolve({ preset: 'quick' }).limits.repeatsMax).toBe(0);
});

test('measures for as long as was asked for, and otherwise until percentiles have enough', () => {
  const of = ({ times }: ReturnType<typeof resolve>) => [
    times.measureMs,
    times.measureOperations,
    times.measureMsMax,
  ];

  expect(of(resolve({}))).toEqual([300, 10_000, 2_000]);
  expect(of(resolve({ measureMs: 500 }))).toEqual([500, 1, 500]);
  expect(resolve({ measureMs: 500 }).notCitableBecause).toHaveLength(1);
  expect(resolve({ measureMs: 2_000 }).notCitableBecause).toEqual([]);
});

test('marks figures with too few rounds as not citable', () => {
  expect(resolve({ rounds: 5 }).notCitableBecause).toHaveLength(1);
  expect(resolve({ preset: 'quick' }).notCitableBecause).toHaveLength(2);
  expect(resolve({ rounds: 7 }).notCitableBecause).toEqual([]);
});
