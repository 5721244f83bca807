// A client process of the lab: `client-process.ts LANE SCENARIO`. It runs one scenario on one lane,
// once. It loads its code first, and then gets the address of the server, so that the two processes
// of a cell start side by side.
import { createInterface } from 'node:readline';
import { loadLane } from '../../lanes/index.ts';
import { findScenario } from '../../scenarios/index.ts';
import type { MeasureContext, Measurement, ProcessUsage } from '../../scenarios/scenario.ts';
import type { ClientEvent, Job, RigReply } from './messages.ts';
import { UsageMeter } from './usage.ts';

const lane = await loadLane(process.argv[2] ?? '');
const scenario = findScenario(process.argv[3] ?? '');
const usage = new UsageMeter();
const lines = createInterface({ input: process.stdin }).on('close', () => process.exit(1));
const heard = lines[Symbol.asyncIterator]();
const job = await hear<Job>();

try {
  say({ event: 'result', measurement: await measure() });
} catch (error) {
  say({ event: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) });
}

async function measure(): Promise<Measurement> {
  const { host, port, otherPorts, accounts, ...times } = job;
  const target = { host, port, otherPorts };
  const context: MeasureContext = {
    lane,
    target,
    accounts,
    ...times,
    connect: () => lane.connect(target),
    measured,
    serverUsage,
  };
  return scenario.measure(context);
}

async function measured<T>(work: () => Promise<T>): Promise<T> {
  await ask({ event: 'measuring' });
  const before = usage.read(false);
  const startedAt = performance.now();
  const result = await work();
  const measuredMs = performance.now() - startedAt;
  const after = usage.read(false);
  await ask({ event: 'measured', usage: { before, after, measuredMs } });
  return result;
}

async function serverUsage(collectGarbage: boolean): Promise<ProcessUsage> {
  const { server } = await ask({ event: 'server-usage', collectGarbage });
  if (server === null) throw new Error(`${lane.name} has no server`);
  return server;
}

function ask(event: ClientEvent): Promise<RigReply> {
  say(event);
  return hear<RigReply>();
}

async function hear<T>(): Promise<T> {
  const { value, done } = await heard.next();
  if (done === true) throw new Error('the rig is gone');
  return JSON.parse(value) as T;
}

function say(event: ClientEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
