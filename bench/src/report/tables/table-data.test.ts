import { expect, test } from 'vitest';
import { cellOf } from '../../../test/report-parts.ts';
import { sampleReport } from '../../../test/sample-report.ts';
import { roundsWords } from '../words/places.ts';

test.each([
  [6, [6, 6], '6 rounds'],
  [2, [2, 3], '2 of 6 rounds'],
  [6, [6, 14], '6 rounds (up to 14 for some)'],
  [6, [6, 3, 4, 9], '6 rounds (3 for 2 surveyed cells, up to 9 for some)'],
  [0, [], '0 of 6 rounds'],
])('says of %i rounds of each cell, and of %j, how many they are', (roundsDone, counts, words) => {
  const sample = sampleReport();
  const options = { ...sample.options, rounds: 6, roundsDone };
  const cells = counts.map((count, at) =>
    cellOf('latency-1', `lane-${at}`, 'p50', Array(count).fill(1)),
  );

  expect(roundsWords({ ...sample, options, cells })).toBe(words);
});
