import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adminCommand } from './admin/admin-command.ts';
import { chatCommand } from './chat/chat-command.ts';
import { serveCommand } from './serve/options/serve-command.ts';

const operations = readFileSync(new URL('../../../docs/OPERATIONS.md', import.meta.url), 'utf8');
const { options } = serveCommand(async () => {});
const admin = adminCommand(async () => {});
const adminOptions = [admin, ...admin.commands].flatMap((command) => command.options);
const limits = options.filter(({ helpGroupHeading }) => helpGroupHeading === 'Limits:');

describe('docs/OPERATIONS.md', () => {
  it('knows the limits that there are', () => {
    expect(limits.length).toBeGreaterThan(10);
  });

  it.each(
    limits.map((limit) => [
      limit.envVar,
      limit.defaultValueDescription ?? limit.defaultValue ?? 'no limit',
    ]),
  )('has %s, and its default of %s', (variable, value) => {
    expect(operations).toMatch(new RegExp(`\\| ${value} \\| \`${variable}\` \\|`));
  });

  it('has errors that the program says', () => {
    const packages = new URL('../../', import.meta.url);
    const sources = globSync('*/src/**/*.ts', { cwd: packages })
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => readFileSync(new URL(file, packages), 'utf8'))
      .join('\n')
      // Texts that are written in two parts.
      .replace(/['`]\s*\+\s*['`]/g, '')
      .replace(/\s+/g, ' ');
    const [, chapter = ''] = operations.split('## When something is wrong\n');
    const said = [...chapter.matchAll(/^\| ([^|]+) \|/gm)].map(([, text = '']) => text);
    const errors = said.filter((text) => !/^(it says|the log says|---)$/.test(text));
    expect(errors.length).toBeGreaterThan(40);
    // What a message is put together of: values, and the words around them.
    const parts = errors.flatMap((text) => text.split(/…|[;,:] |`|\d+|tandem serve|-wal|\(|\)|$/));
    const unknown = parts.map((part) => part.trim()).filter((part) => !sources.includes(part));
    expect(unknown).toEqual([]);
  });

  it('names no variable and no option that does not exist', () => {
    const variables = options.map(({ envVar }) => envVar);
    const flags = [...options, ...adminOptions, ...chatCommand(async () => {}).options].map(
      ({ long }) => long,
    );
    // The last six are Node.js's.
    flags.push(
      '--force',
      '--help',
      '--min-semi-space-size',
      '--max-semi-space-size',
      '--initial-old-space-size',
      '--heap-growing-percent',
      '--incremental-marking-hard-trigger',
      '--v8-pool-size',
    );
    for (const [name] of operations.matchAll(/TANDEM_\w+/g)) expect(variables).toContain(name);
    for (const [, flag] of operations.matchAll(/`(--[a-z0-9-]+)/g)) expect(flags).toContain(flag);
  });
});
