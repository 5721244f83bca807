import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, type as systemType, totalmem, version } from 'node:os';
import { join } from 'node:path';
import type { Fingerprint } from '../../report/schema/report.ts';

const unknown = 'not known';

/** The packages whose speed is measured, or that measure it. */
const packages = ['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'tinybench'];

/**
 * Finds the properties of the machine and its software on which the figures of a report depend.
 *
 * @param root the top of the repository
 */
export function fingerprint(root: string): Fingerprint {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  return {
    machine: readFirst('/sys/class/dmi/id/product_name', '/sys/firmware/devicetree/base/model'),
    cpu: cpus()[0]?.model ?? unknown,
    cores: cpus().length,
    memoryBytes: totalmem(),
    virtualisation: virtualisation(),
    kernel: `${systemType()} ${release()} ${arch()} (${version()})`,
    scaling: scaling(),
    runtime: `Node.js ${process.version}`,
    v8: process.versions.v8,
    libuv: process.versions.uv ?? unknown,
    openssl: process.versions.openssl ?? unknown,
    loadAverage: loadavg(),
    dependencies: versionsIn(lockfile),
    lockfileSha256: createHash('sha256').update(lockfile).digest('hex'),
    commit: git(root, 'rev-parse', 'HEAD') ?? unknown,
    dirty: changesIn(root) !== '',
  };
}

/** The paths of code that is measured, or measures: not documents, and not reports of other runs. */
const measured = ['packages', 'protos', 'bench/src', 'bench/bin', 'package.json', 'pnpm-lock.yaml'];

/**
 * Identifies the code that a run measures, with changes that are not committed. The result differs at the
 * end of a run if the code has changed meanwhile. Empty outside of a repository.
 */
export function codeState(root: string): string {
  const tree = git(root, 'ls-tree', 'HEAD', ...measured) ?? '';
  return `${tree}\n${changesIn(root)}`.trim();
}

function changesIn(root: string): string {
  const changed = ['diff', 'HEAD', '--name-only', '--', ...measured];
  return git(root, ...changed) ?? '';
}

/** The versions that a lockfile settles for the packages that matter here. */
export function versionsIn(lockfile: string): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of packages) {
    const entry = new RegExp(`^  '?${name.replace('/', '\\/')}@([0-9][^':(]*)'?:`, 'm');
    const found = entry.exec(lockfile)?.[1];
    if (found !== undefined) versions[name] = found;
  }
  return versions;
}

function readFirst(...files: readonly string[]): string {
  for (const file of files) {
    try {
      // A device tree ends its strings with a zero.
      return readFileSync(file, 'utf8').replaceAll('\0', '').trim();
    } catch {}
  }
  return unknown;
}

function virtualisation(): string {
  const cpuinfo = readFirst('/proc/cpuinfo');
  const hypervisor = /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo);
  const container = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  const kinds = [...(hypervisor ? ['virtual machine'] : []), ...(container ? ['container'] : [])];
  if (kinds.length > 0) return kinds.join(', ');
  return cpuinfo === unknown ? unknown : 'none seen';
}

function scaling(): string {
  const governor = readFirst('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  const noTurbo = readFirst('/sys/devices/system/cpu/intel_pstate/no_turbo');
  const turbo = noTurbo === unknown ? unknown : noTurbo === '1' ? 'off' : 'on';
  return `governor ${governor}, turbo ${turbo}`;
}

function git(root: string, ...args: string[]): string | undefined {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
}
