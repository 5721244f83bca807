import { renderDemonstration } from './demonstration.ts';

process.stdout.write(renderDemonstration());
