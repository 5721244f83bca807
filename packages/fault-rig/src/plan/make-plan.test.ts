import { isValidUsername, messageCharsMax } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { bodyCharsMin } from '../message.ts';
import { Random } from '../random.ts';
import { makePlan, type PlanOptions } from './make-plan.ts';
import { makeNodeFaults } from './node-faults.ts';
import type { Plan, Step } from './plan.ts';

const server = { mortal: true, onSmallDisk: true, canBreakDisk: true };
const options: PlanOptions = {
  seed: '1',
  prefix: 'r1',
  durationMs: 60_000,
  actors: 12,
  servers: server,
};

const kindsOf = (faults: readonly { readonly kind: string }[]) =>
  new Set(faults.map(({ kind }) => kind));
const stepsOf = (plan: Plan): Step[] => plan.actors.flatMap(({ steps }) => [...steps]);

describe('a plan', () => {
  test('is data, and the same only for the same seed', () => {
    const plan = makePlan(options);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(JSON.parse(JSON.stringify(makePlan(options))));
    expect(makePlan({ ...options, seed: '2' })).not.toEqual(plan);
  });

  test('has every kind of step and of fault', () => {
    const plan = makePlan(options);
    expect(new Set(plan.actors.map(({ transport }) => transport)).size).toBe(3);
    expect(new Set(plan.actors.map(({ process }) => process)).size).toBe(plan.processes);
    const does = new Set(stepsOf(plan).map((step) => step.do));
    const all = ['register', 'login', 'send', 'search', 'linger', 'logout', 'delete', 'leave'];
    all.push('take over');
    expect([...does].sort()).toEqual(all.sort());
    expect(kindsOf(plan.networkFaults).size).toBe(8);
    const others = makePlan({ ...options, seed: '3' });
    const server = kindsOf([...plan.serverFaults, ...others.serverFaults]);
    expect([...server].sort()).toEqual(['break-disk', 'fill-disk', 'freeze', 'kill', 'terminate']);
    expect(plan.clientKills.length).toBeGreaterThan(0);
  });

  test('does not kill a server that must live, and fills no disk where there is none', () => {
    const longLived = { ...options, servers: { ...server, mortal: false } };
    expect(kindsOf(makePlan(longLived).serverFaults)).toEqual(new Set(['freeze', 'fill-disk']));
    const onOneDisk = { ...options, servers: { ...server, mortal: false, onSmallDisk: false } };
    expect(kindsOf(makePlan(onOneDisk).serverFaults)).toEqual(new Set(['freeze']));
    const bare = { ...server, onSmallDisk: false, canBreakDisk: false };
    const without = makePlan({ ...options, servers: bare });
    expect(kindsOf(without.serverFaults)).toEqual(new Set(['kill', 'freeze', 'terminate']));
  });

  test('has every kind of fault of nodes in place of those of one server', () => {
    const nodes = { count: 3, hasStandby: true };
    const plan = makePlan({ ...options, servers: nodes });
    expect(plan.serverFaults).toEqual([]);
    expect(plan.nodeFaults.length).toBeGreaterThan(0);
    const make = (of = nodes) => makeNodeFaults(new Random('1'), 1_000_000, of);
    const faults = make();
    expect(make()).toEqual(faults);
    const ofNodes = ['kill', 'terminate', 'freeze', 'cut', 'stall', 'lose-responses', 'slow'];
    const ofDatabase = ['end-connection', 'cancel-writes', 'crash-database', 'kill-database'];
    expect(kindsOf(faults)).toEqual(new Set([...ofNodes, ...ofDatabase, 'fail-over']));
    const numbers = faults.flatMap((fault) => ('node' in fault ? [fault.node] : []));
    expect(new Set(numbers)).toEqual(new Set([0, 1, 2]));
    const buried = faults.flatMap((fault) => ('untilBuried' in fault ? [fault.untilBuried] : []));
    expect(new Set(buried)).toEqual(new Set([true, false]));
    const alone = make({ ...nodes, hasStandby: false });
    expect(kindsOf(alone)).toEqual(new Set([...ofNodes, ...ofDatabase]));
  });

  test('has no step that a client would refuse by itself', () => {
    const plan = makePlan(options);
    for (const step of stepsOf(plan)) {
      if ('user' in step) expect(isValidUsername(step.user)).toBe(true);
      if (step.do !== 'send') continue;
      expect(isValidUsername(step.to)).toBe(true);
      for (const chars of step.chars) {
        expect(chars).toBeGreaterThanOrEqual(bodyCharsMin);
        expect(chars).toBeLessThanOrEqual(messageCharsMax);
      }
    }
  });

  test('keeps to its time, each list in the order of its moments', () => {
    const plan = makePlan(options);
    const lists = [plan.serverFaults, plan.clientKills, plan.networkFaults];
    for (const list of [...lists, ...plan.actors.map(({ steps }) => steps)]) {
      const moments = list.map(({ atMs }) => atMs);
      expect(moments).toEqual(moments.toSorted((a, b) => a - b));
      expect(moments.every((atMs) => atMs >= 0)).toBe(true);
    }
    for (const { atMs } of lists.flat()) expect(atMs).toBeLessThan(plan.durationMs);
  });
});
