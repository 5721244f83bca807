import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { MachineWatch, othersOf, parseMachineTime } from '../src/rig/machine/machine-watch.ts';
import { parseProcessMs } from '../src/rig/machine/process-time.ts';

const stat = (total: string) =>
  `cpu  ${total}\ncpu0 1 2 3 4 5 6 7 8 0 0\ncpu1 1 2 3 4 5 6 7 8 0 0\nintr 5\n`;

test('reads what all cores did, in ticks of ten milliseconds', () => {
  expect(parseMachineTime(stat('100 20 30 4000 50 6 7 8 0 0'))).toEqual({
    cores: 2,
    idleMs: 40_500,
    interruptsMs: 130,
    stolenMs: 80,
  });
});

test('takes interrupts for work of processes where the kernel does not time them apart', () => {
  expect(parseMachineTime(stat('100 20 30 4000 50 0 700 0 0 0'))?.interruptsMs).toBe(0);
});

test.each(['', 'cpu  1 2', 'MemTotal: 3'])('finds nothing in %j', (text) => {
  expect(parseMachineTime(text)).toBeUndefined();
});

test('reads the time of a process and of its children, whatever its name has in it', () => {
  const process = '12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 1 0 99';

  expect(parseProcessMs(process)).toBe(3_500);
  expect(parseProcessMs('')).toBeUndefined();
});

const before = { cores: 2, idleMs: 1_000, interruptsMs: 0, stolenMs: 0 };

test('counts as others’ what is neither idle, nor interrupts, nor stolen, nor the run’s own', () => {
  // Of two seconds of two cores: 1 idle, 0.1 interrupts, 0.4 stolen, 1.5 of the run; 1 is left.
  const after = { cores: 2, idleMs: 2_000, interruptsMs: 100, stolenMs: 400 };

  const others = othersOf({ before, after, elapsedMs: 2_000, ownMs: 1_500 });

  expect(others.othersCores).toBeCloseTo(0.5, 10);
  expect(others.stolenCores).toBeCloseTo(0.2, 10);
});

test('takes less than nothing, which ticks can come to, for nothing', () => {
  const after = { ...before, idleMs: 2_010 };

  expect(othersOf({ before, after, elapsedMs: 1_000, ownMs: 1_000 }).othersCores).toBe(0);
});

// Whatever else there is: its own clock says when it has worked for so long. It asks seldom, since to ask
// is work of the kernel, which may take most of the time.
const busyFor500Ms = `
  const workedUs = () => process.cpuUsage().user + process.cpuUsage().system;
  while (workedUs() < 500_000) for (let i = 0; i < 1e6; i++);
  console.log(1);
  process.stdin.resume();
`;

const onLinux = test.skipIf(!existsSync('/proc/stat'));
const [program, args] = [process.execPath, ['-e', busyFor500Ms]];

onLinux.each([
  { what: 'a process of the run', command: [program, ...args] },
  // A shell with a command behind it waits.
  { what: 'one that it has started', command: ['sh', '-c', '"$@"; :', 'sh', program, ...args] },
])('counts what $what has used as the run’s own', async ({ command: [file = '', ...rest] }) => {
  const watch = new MachineWatch();
  const startedAt = performance.now();
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');

  const [foreign, own] = [watch.read([]), watch.read([child.pid ?? 0])];

  const cores = (foreign?.othersCores ?? 0) - (own?.othersCores ?? 0);
  expect(cores * (performance.now() - startedAt)).toBeGreaterThan(400);
});

onLinux('knows nothing of a run whose process is gone', () => {
  expect(new MachineWatch().read([2 ** 30])).toBeNull();
});
