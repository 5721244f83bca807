import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binaries, commandOf } from './programs.ts';

// One user needs a password.
const accessRules =
  'local all guarded scram-sha-256\nlocal all all trust\nlocal replication all trust\n';

// A copy takes a tenth of the processor time of `initdb`. Undefined outside of the repository's tests.
const keptIn = process.env.POSTGRES_DATA_KEPT_IN;

/** Makes the data of a PostgreSQL that nobody has used, in a directory that is empty or not there. */
export async function makeData(data: string): Promise<void> {
  // Whose the files are, and which version reads them.
  const name = encodeURIComponent(`${process.getuid?.() ?? ''}${binaries}`);
  const kept = keptIn === undefined ? undefined : join(keptIn, name);
  if (kept !== undefined && existsSync(kept)) return copy(kept, data);
  const options = ['-U', 'tandem', '--auth=trust', '--no-sync', '--locale=C', '-E', 'UTF8'];
  await run(...commandOf('initdb', ['-D', data, ...options]));
  writeFileSync(join(data, 'pg_hba.conf'), accessRules);
  if (kept !== undefined) await keep(data, kept);
}

/** Keeps a copy, which others see only when it is whole. */
async function keep(data: string, kept: string): Promise<void> {
  const begun = `${kept}.${process.pid}`;
  mkdirSync(join(kept, '..'), { recursive: true });
  await copy(data, begun);
  try {
    renameSync(begun, kept);
  } catch {
    // Another process was first.
    rmSync(begun, { recursive: true });
  }
}

function copy(from: string, to: string): Promise<void> {
  return run('cp', ['-Rp', `${from}/.`, to]);
}

// Signals are heard meanwhile.
async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, [...args], { cwd: '/' });
}
