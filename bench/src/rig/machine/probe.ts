import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Fingerprint } from '../../report/schema/report.ts';
import type { PlacedOn, Placements } from './placement.ts';

type Probed = Pick<Fingerprint, 'mitigations' | 'caches' | 'costs'>;
type Costs = NonNullable<Fingerprint['costs']>;

const script = fileURLToPath(new URL('probe-process.ts', import.meta.url));
const timeoutMs = 10_000;

/**
 * Finds what tells machines with the same name apart: the kernel's measures against leaks of the
 * processor, caches, and the times of an entry into the kernel, a switch of processes and cold code. Takes about
 * a second. An unknown value is null.
 */
export async function probeMachine({ possible }: Placements): Promise<Probed> {
  const [one, two] = ['same-core', 'different-cores'].map((name) =>
    possible.find((placement) => placement.name === name),
  );
  const onOne = one && (await ask<CostsOfPlacement>('all', one));
  const onTwo = two && (await ask<Pick<Costs, 'switchUs'>>('switch', two));
  const costs = onOne && { ...onOne, switchAcrossUs: onTwo?.switchUs ?? null };
  return { mitigations: mitigations(), caches: caches(), costs: costs ?? null };
}

type CostsOfPlacement = Omit<Costs, 'switchAcrossUs'>;

async function ask<T>(role: string, { client, server }: PlacedOn): Promise<T | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-probe-'));
  try {
    const pipes = ['to', 'from'].map((name) => join(directory, name));
    execFileSync('mkfifo', pipes, { stdio: 'ignore' });
    const [{ stdout }] = await Promise.all([
      start(client, role, pipes),
      start(server, 'echo', pipes),
    ]);
    return JSON.parse(stdout) as T;
  } catch {
    // The machine has no named pipes, or is too busy to finish in time.
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function start(core: number | undefined, role: string, pipes: readonly string[]) {
  const command = ['-c', String(core), process.execPath, script, role, ...pipes];
  return promisify(execFile)('taskset', command, { timeout: timeoutMs, killSignal: 'SIGKILL' });
}

const vulnerabilities = '/sys/devices/system/cpu/vulnerabilities';

/** The vulnerabilities that concern this processor, and the kernel's state for each. */
function mitigations(): Probed['mitigations'] {
  const names = entriesOf(vulnerabilities);
  if (names.length === 0) return null;
  const states = names.map((name) => [name, read(join(vulnerabilities, name))] as const);
  return Object.fromEntries(states.filter(([, state]) => state !== 'Not affected'));
}

const cacheDirectory = '/sys/devices/system/cpu/cpu0/cache';

/** The caches of the first core: `L2 unified` has `1024K`, and `of cores 0-1` where others share it. */
function caches(): Probed['caches'] {
  const indexes = entriesOf(cacheDirectory).filter((name) => name.startsWith('index'));
  if (indexes.length === 0) return null;
  const found = indexes.map((index) => {
    const [level, type, size, cores] = ['level', 'type', 'size', 'shared_cpu_list'].map((name) =>
      read(join(cacheDirectory, index, name)),
    );
    const shared = cores === '0' || cores === '' ? '' : ` of cores ${cores}`;
    return [`L${level} ${type?.toLowerCase()}`, `${size}${shared}`];
  });
  return Object.fromEntries(found) as Record<string, string>;
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
