import { expect, test } from 'vitest';
import { sampleReport } from '../../test/sample-report.ts';
import { renderCsv } from './csv.ts';

const report = sampleReport();

test('has a row for each run and metric, each with as many fields as the head', () => {
  const lines = renderCsv(report).split('\r\n');
  const values = report.cells.flatMap(({ runs }) =>
    runs.flatMap((run) => Object.values(run.values)),
  );
  expect(lines.at(-1)).toBe('');
  expect(lines).toHaveLength(values.length + 2);
  expect(new Set(lines.slice(0, -1).map((line) => line.split(',').length))).toEqual(new Set([11]));
  expect(lines).toContainEqual(
    expect.stringMatching(/^latency-1,sockets-framed,same-core,0,p50,us,[\d.]+,true,/),
  );
});

test('quotes what would end a field', () => {
  const odd = {
    ...report,
    scenarios: report.scenarios.map((scenario) => ({
      ...scenario,
      metrics: scenario.metrics.map((metric) => ({ ...metric, unit: 'a "b", c' })),
    })),
  };
  expect(renderCsv(odd)).toContain(',p50,"a ""b"", c",');
});
