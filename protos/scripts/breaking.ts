import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Two versions of the contract, as texts. */
export interface Comparison {
  readonly ours: string;
  readonly before: string;
  /** Rules of `buf breaking` that do not count. */
  readonly except?: readonly string[];
}

/**
 * Returns what clients of one version would miss in another, one line each.
 *
 * The rules are buf's FILE, the strictest: those of the wire (WIRE) let an RPC or the service
 * disappear.
 */
export function breakingChanges({ ours, before, except = [] }: Comparison): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-protos-'));
  try {
    for (const [name, text] of Object.entries({ ours, before })) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'messageservice.proto'), text);
    }
    const config = JSON.stringify({ version: 'v2', breaking: { use: ['FILE'], except } });
    return runBuf(join(directory, 'ours'), [
      'breaking',
      '.',
      '--against',
      '../before',
      '--config',
      config,
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Returns the findings of buf on the files of a directory, one line each. */
export function runBuf(directory: string, args: readonly string[]): string[] {
  const buf = require.resolve('@bufbuild/buf/bin/buf');
  const { error, status, stdout, stderr } = spawnSync(process.execPath, [buf, ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status === 0) return [];
  // buf's own status for findings; anything else means that it could not look.
  if (status === 100) return stdout.trim().split('\n');
  throw new Error(`buf ${args[0]} failed: ${stderr.trim() || stdout.trim()}`);
}
