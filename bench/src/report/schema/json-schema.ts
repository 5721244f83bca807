import { z } from 'zod';
import { reportSchema } from './report.ts';

/** The shape of `report.json` as JSON Schema, draft 2020-12, for whoever reads one without Node.js. */
export function reportJsonSchema(): object {
  const { $schema, ...shape } = z.toJSONSchema(reportSchema, { target: 'draft-2020-12' });
  return {
    $schema,
    $id: 'urn:tandem:bench:report:1',
    title: 'A report of the Tandem lab',
    description:
      'What a run of the lab measured: each lane in each scenario at each placement, with 95% intervals, the ratios between lanes, the noise of the rig, where every byte went, and the machine. Figures with valid: false are shown and not to be used.',
    ...shape,
  };
}
