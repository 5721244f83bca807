import { script } from '@tandem/command';
import { renderDemonstration } from './demonstration.ts';

script('demonstrate', 'Show what a protocol without lengths loses, byte by byte.').parse();
process.stdout.write(renderDemonstration());
