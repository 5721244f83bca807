import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SqliteStore } from '../src/index.ts';
import { describeStore } from './store-contract.ts';

describeStore('sqlite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const open = () => SqliteStore.open({ directory });
  return { store: open(), reopen: async () => open() };
});
