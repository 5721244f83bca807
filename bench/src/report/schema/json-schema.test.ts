import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { onlyScenarios, sampleReport } from '../../../test/sample-report.ts';
import { reportJsonSchema } from './json-schema.ts';
import { type Report, reportSchema } from './report.ts';

const committed: object = JSON.parse(
  readFileSync(new URL('../../../report.schema.json', import.meta.url), 'utf8'),
);
// The times have a pattern as well; ajv alone knows no formats.
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, formats: { 'date-time': true } });
const validate = ajv.compile(committed);
const sample = onlyScenarios(sampleReport({ rounds: 1 }), 'latency-1');

/** The sample with something else at a path. */
function broken(path: string, value: unknown): unknown {
  const copy = structuredClone(sample) as Report;
  const keys = path.split('.');
  let parent: unknown = copy;
  for (const key of keys.slice(0, -1)) parent = (parent as Record<string, unknown>)[key];
  const target = parent as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  if (value === undefined) delete target[last];
  else target[last] = value;
  return copy;
}

describe('the JSON Schema of a report', () => {
  it('is the one that the lab checks with: otherwise run bench/scripts/write-report-schema.ts', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('says what it is', () => {
    expect(committed).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:tandem:bench:report:1',
      title: 'A report of the Tandem lab',
      description: expect.any(String),
    });
  });

  it.each([
    ['a full report', sampleReport()],
    ['an interrupted one', sampleReport({ partial: true })],
    ['one without wire and code', { ...sample, wire: null, complexity: null }],
  ])('accepts %s', (_, report) => {
    expect(validate(report), ajv.errorsText(validate.errors)).toBe(true);
  });

  it.each([
    ['schemaVersion', 3],
    ['title', undefined],
    ['extra', 1],
    ['startedAt', 'yesterday'],
    ['preset', 'huge'],
    ['options.rounds', 1.5],
    ['options.measureMs', 0],
    ['lanes.0.kind', 'carrier pigeon'],
    ['lanes.0.name', 'In Process'],
    ['lanes.0.settings.noDelay', 1],
    ['scenarios.0.metrics.0.better', 'faster'],
    ['results.0.value', '27'],
    ['results.0.ci95', [1]],
    ['results.0.ci95', [1, 2, 3]],
    ['results.0.placement', 'same core'],
    ['results.0.extra', 1],
    ['cells.0.runs.0.operations', -1],
    ['cells.0.runs.0.values', { p50: null }],
    ['ratios.0.verdict', 'faster'],
    ['noise.floors', undefined],
    ['published.0.transport', 'pigeon'],
    ['wire.entries.0.total.sent', -1],
    ['wire.entries.0.layers.gossip', { sent: 1, received: 1 }],
    ['fingerprint.dirty', 'no'],
  ])('refuses a wrong %s, as the lab does', (path, value) => {
    const report = broken(path, value);
    expect(validate(report)).toBe(false);
    expect(reportSchema.safeParse(report).success).toBe(false);
  });
});
