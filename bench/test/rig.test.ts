import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import type { Lane } from '../src/lanes/lane.ts';
import { compareOutcomes } from '../src/rig/rounds/agreement.ts';
import { runCell } from '../src/rig/rounds/run-cell.ts';
import { findScenario } from '../src/scenarios/index.ts';
import { echoes, framed, here, never, placement, testMetrics, times } from './rig-cells.ts';

// One of each way to measure that takes a second or two. All families are in rig.long.test.ts.
testMetrics(
  [
    ...['set-up', 'handshake-full', 'latency-1', 'open-loop-poisson-4000', 'delivery'],
    ...['idle-100', 'round-trip-10ms'],
  ],
  ['latency-1'],
);

test('shows as invalid, with the reason, a cell whose process ends early', async () => {
  const noSuchLane: Lane = { ...framed, name: 'no-such-lane' };

  const run = await runCell(
    { scenario: findScenario('latency-1'), lane: noSuchLane, placement },
    times,
    never(),
  );

  expect(run.valid).toBe(false);
  expect(run.why.join()).toMatch(/there is no lane no-such-lane/);
});

test('gives up a cell that hangs', async () => {
  const scenario = findScenario('latency-1');
  const hanging = { ...times, measureMs: 600_000, measureMsMax: 600_000, hungAfterMs: 1 };

  const run = await runCell({ scenario, lane: framed, placement }, hanging, never());

  expect(run).toMatchObject({ valid: false, why: ['hung for 1 ms'] });
});

test('ends its processes and rejects when the run is ended', async () => {
  const controller = new AbortController();
  const scenario = findScenario('latency-1');
  const endless = { ...times, measureMs: 600_000, measureMsMax: 600_000, hungAfterMs: 600_000 };
  const running = runCell({ scenario, lane: framed, placement }, endless, controller.signal);

  controller.abort();

  await expect(running).rejects.toThrow('aborted');
});

test.runIf(process.platform === 'linux')(
  'counts the system calls and the garbage of both ends',
  async () => {
    const [lane] = echoes as [Lane];
    const scenario = findScenario('latency-1');

    // So many that those of the rig are few among them, however slow the machine is.
    const enough = { ...times, measureOperations: 2_000, measureMsMax: 30_000 };

    const { values } = await runCell({ scenario, lane, placement }, enough, never());

    // An echo is a write and a read at either end; the rig's own are a few of a run.
    for (const end of ['client', 'server']) {
      expect(values[`${end}-reads`]).toBeGreaterThan(0.98);
      expect(values[`${end}-writes`]).toBeGreaterThan(0.98);
      expect(values[`${end}-writes`]).toBeLessThan(1.5);
      expect(values[`${end}-allocated`]).toBeGreaterThan(0);
      expect(values[`${end}-collecting`]).toBeLessThan(0.9);
    }
  },
);

test.skipIf(here.impossible.some(({ name }) => name === 'same-core'))(
  'pins both processes to the cores of the placement',
  async () => {
    const controller = new AbortController();
    const endless = { ...times, measureMs: 600_000, measureMsMax: 600_000, hungAfterMs: 600_000 };
    const cell = { scenario: findScenario('latency-1'), lane: framed, placement };
    const running = runCell(cell, endless, controller.signal).catch(() => {});

    const cores = await coresOfChildren(2);
    controller.abort();
    await running;

    expect(cores.toSorted()).toEqual([placement.server, placement.client].map(String).toSorted());
  },
);

test('finds that the op suite comes to the same on every lane with a chat service', async () => {
  const lanes = await Promise.all(laneNames.map(loadLane));

  const { agree, lanes: compared } = await compareOutcomes(lanes);

  expect(compared.filter(({ agrees }) => !agrees)).toEqual([]);
  expect(agree).toBe(true);
  expect(compared.map(({ lane }) => lane)).toEqual(
    expect.arrayContaining([
      'in-process',
      'sockets-seed',
      'sockets-framed',
      'grpc-unary',
      'grpc-converse',
    ]),
  );
});

test('finds the lane whose operations come to something else', async () => {
  const wrong: Lane = {
    ...framed,
    name: 'wrong',
    connect: async (target) => {
      const client = await framed.connect(target);
      // Somebody was here before: the suite is for a service that is empty.
      await client.chat?.register('foo');
      return client;
    },
  };

  const { agree, lanes } = await compareOutcomes([framed, wrong]);

  expect(agree).toBe(false);
  expect(lanes.map(({ lane, agrees }) => [lane, agrees])).toEqual([
    ['sockets-framed', true],
    ['wrong', false],
  ]);
  expect(lanes[1]?.difference).toMatch(/^step 1: /);
});

/** The cores that the processes which this one has started may use, once there are so many. */
async function coresOfChildren(count: number): Promise<string[]> {
  for (;;) {
    const processes = execFileSync('ps', ['-eo', 'ppid=,pid=,args='], { encoding: 'utf8' });
    const cores = processes.split('\n').flatMap((line) => {
      const [parent, pid, ...args] = line.trim().split(/\s+/);
      // Until it is pinned, a process is still the program that pins it.
      const isOurs = parent === String(process.pid) && !args[0]?.endsWith('taskset');
      if (!isOurs || !args.some((arg) => arg.endsWith('-process.ts'))) return [];
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? [];
    });
    if (cores.length === count) return cores;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
