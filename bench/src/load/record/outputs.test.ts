import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { refuseUnwritable } from './outputs.ts';

it('refuses, before a run, files that it could not write after it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'load-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'load.json');
  writeFileSync(file, '');
  refuseUnwritable({ json: file, csv: '-' });
  refuseUnwritable({ json: join(directory, 'new.json') });
  for (const json of [directory, join(directory, 'none', 'load.json'), join(file, 'load.json')]) {
    expect(() => refuseUnwritable({ json })).toThrow(`${json} cannot be written: `);
  }
});
