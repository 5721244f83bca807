import { execFileSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { libraries } from '../scripts/broker-libraries.ts';
import type { BrokerConnection } from '../src/lanes/broker/client.ts';
import { JetStreamConnection } from '../src/lanes/broker/jetstream.ts';
import { MqttConnection } from '../src/lanes/broker/mqtt.ts';
import { NatsConnection } from '../src/lanes/broker/nats.ts';
import { missing } from '../src/lanes/broker/program.ts';
import { brokerNames, loadLane, relayNames } from '../src/lanes/index.ts';
import type { Lane, Target } from '../src/lanes/lane.ts';
import { placementsHere } from '../src/rig/machine/placement.ts';
import { makePlan } from '../src/rig/rounds/plan.ts';
import { runCell } from '../src/rig/rounds/run-cell.ts';
import { findScenario } from '../src/scenarios/index.ts';
import { connect, host, serve } from './served-lanes.ts';

const brokers = await Promise.all(brokerNames.map(loadLane));
const relays = await Promise.all(relayNames.map(loadLane));
const here = brokers.filter(({ missing: why }) => why === undefined);
const longest = 'x'.repeat(262);
const own: Readonly<Record<string, (target: Target, user: string) => Promise<BrokerConnection>>> = {
  mosquitto: MqttConnection.open,
  'nats-core': NatsConnection.open,
  'nats-jetstream': JetStreamConnection.open,
};

test('a program that is not there is named, with the package that has it', () => {
  const reason = missing({ name: 'no-such-broker' as 'mosquitto' });

  const expected = process.platform === 'linux' ? 'apt-get install no-such-broker' : 'Linux only';
  expect(reason).toContain(expected);
});

test('what this machine lacks is left out of a plan with the reason', () => {
  const [lane] = brokers as [Lane];
  const reason = 'mosquitto is not installed';
  const absent = { ...lane, missing: reason };
  const questions = [{ scenario: findScenario('delivery-pairs-1x1'), lanes: [absent] }];

  const plan = makePlan({ questions, placements: ['unpinned'] }, placementsHere());

  expect(plan.cells).toEqual([]);
  expect(plan.skipped).toMatchObject([{ lane: 'mosquitto', placement: null, reason }]);
  expect(plan.missing).toEqual([absent]);
});

test.each([...brokers, ...relays])('$name is asked nothing but to carry messages', (lane) => {
  const questions = ['latency-1', 'sends-1', 'idle-1'].map((name) => {
    return { scenario: findScenario(name), lanes: [lane] };
  });

  const { cells, skipped } = makePlan({ questions, placements: ['unpinned'] }, placementsHere());

  expect(cells).toEqual([]);
  expect(new Set(skipped.map(({ reason }) => reason)).size).toBe(1);
});

describe.each([...relays, ...here])(
  '$name (a broker is skipped where it is not installed)',
  (lane) => {
    test('delivers to the recipient of each sender, many at a time, short and long', async () => {
      const target = await serve(lane);
      const clients = [await connect(lane, target), await connect(lane, target)];
      for (const body of ['x', longest]) {
        for (const client of clients) await client.prepare({ kind: 'delivery', body });
        const operations = clients.map((client) => client.operation({ kind: 'delivery', body }));
        for (let i = 0; i < 10; i++) {
          await Promise.all(operations.flatMap((each) => Array.from({ length: 64 }, each)));
        }
      }
    });
  },
);

describe.each(here)('the broker $name', (lane) => {
  test('takes sends whose arrival nobody waits for, and no searches', async () => {
    const client = await connect(lane, await serve(lane));
    await client.prepare({ kind: 'send', body: 'hi' });
    await client.operation({ kind: 'send', body: 'hi' })();
    expect(client.chat).toBeUndefined();
    await expect(client.prepare({ kind: 'search' })).rejects.toThrow('no accounts');
    expect(() => client.operation({ kind: 'search' })).toThrow('no accounts');
  });

  test('says the same as the library that people use, both ways', async () => {
    const target = await serve(lane);
    const opens = [own[lane.name], libraries[lane.name]?.open];
    const users = await Promise.all(opens.map((open, i) => open?.(target, `u${i}`)));
    const taken: string[][] = [[], []];
    for (const [i, user] of users.entries()) {
      onTestFinished(() => user?.close());
      await user?.take(`m${i}`, (body) => taken[i]?.push(body));
    }
    const bodies = Array.from({ length: 100 }, (_, i) => `${i}${longest}`.slice(0, 262 - (i % 3)));

    for (const [i, user] of users.entries()) {
      await Promise.all(bodies.map((body) => user?.publish(`m${1 - i}`, body)));
    }

    await expect.poll(() => taken).toEqual([bodies, bodies]);
  });

  test('rejects what is under way when its process ends, and what is asked after that', async () => {
    const server = await lane.startServer?.();
    const client = await connect(lane, { host, port: server?.port ?? 0 });
    await client.prepare({ kind: 'delivery', body: 'hi' });
    const operation = client.operation({ kind: 'delivery', body: 'hi' });
    await operation();
    process.kill(server?.pid ?? 0, 'SIGSTOP');
    const underWay = Promise.allSettled(Array.from({ length: 3 }, operation));
    process.kill(server?.pid ?? 0, 'SIGKILL');

    for (const { status } of await underWay) expect(status).toBe('rejected');
    await expect(operation()).rejects.toThrow();
    await Promise.all([server?.close(), server?.close()]);
    await expect(lane.connect({ host, port: server?.port ?? 0 })).rejects.toThrow();
  });

  test('is measured in place of the process that started it, and ends with it', async () => {
    const [placement] = placementsHere().possible;
    if (placement === undefined) throw new Error('no placement is possible');
    const times = { measureMs: 300, measureOperations: 1, measureMsMax: 300, seed: 1 };
    const warmUp = { warmUpMsMax: 40, warmUpOperationsMin: 0, hungAfterMs: 60_000 };
    const cell = { scenario: findScenario('delivery-pairs-16x16'), lane, placement };

    const before = running();
    const run = await runCell(cell, { ...times, ...warmUp }, new AbortController().signal);

    expect(run.why).toEqual([]);
    // The kernel counts them for another program as for our own, and knows nothing of its heap.
    expect(run.values['server-cpu']).toBeGreaterThan(0);
    expect(run.values['server-reads']).toBeGreaterThan(0);
    expect(run.values).not.toHaveProperty('server-allocated');
    await expect.poll(() => running().filter((one) => !before.includes(one))).toEqual([]);
  });
});

/** The ids of all brokers that run on this machine, whoever started them. One that is over may wait to be buried. */
function running(): string[] {
  const processes = execFileSync('ps', ['-eo', 'pid=,stat=,comm='], { encoding: 'utf8' });
  return processes
    .split('\n')
    .flatMap((line) => /^ *(\d+) [^Z]\S* +(?:mosquitto|nats-server)/.exec(line)?.[1] ?? []);
}
