// Writes the schema of the configuration file; a test tells when it is not that of the options.
import { writeFileSync } from 'node:fs';
import { script } from '@tandem/command';
import { configSchema } from '../src/config/config-schema.ts';
import { serveCommand } from '../src/serve/options/serve-command.ts';

script('write-config-schema', 'Write the schema of the configuration file anew.').parse();
const path = new URL('../../../docs/operations/tandem.schema.json', import.meta.url);
const schema = configSchema(serveCommand(async () => {}));
writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`);
