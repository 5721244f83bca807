export { measureComplexity } from './measure.ts';
export { renderComplexity } from './render.ts';
export { type ComplexityReport, complexitySchema } from './schema.ts';
