import { type ChatClient, Status } from '@tandem/core';
import type { Lane } from '../../lanes/lane.ts';
import { ascending, median, quantile } from '../../statistics/index.ts';
import { chatOf, firstReason, needsChat, needsDepth } from '../applies.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { duration } from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';
import { operationsPerSetUp } from './set-up.ts';

const registersPerTurn = 100;

/** 100 registers, one of the 2023 program's three timed tasks; one by one and all at once. */
export const registers: readonly Scenario[] = [
  {
    name: 'registers-100',
    family: 'registers',
    title: '100 registers, one by one',
    question:
      'How long do 100 registers take on one connection, each after the last one’s response?',
    parameters: { registers: registersPerTurn, depth: 1 },
    metrics: [
      duration('total', 'all 100'),
      duration('first', 'the first on a fresh connection'),
      duration('rest-p50', 'median of the other 99'),
      duration('rest-p99', '99th percentile of the other 99'),
    ],
    notFor: needsChat,
    measure: measureSequential,
  },
  {
    name: 'registers-100-pipelined',
    family: 'registers',
    title: '100 registers at once',
    question: 'How long do 100 registers take on one connection, all asked before any is answered?',
    parameters: { registers: registersPerTurn, depth: registersPerTurn },
    metrics: [duration('total', 'all 100')],
    notFor: (lane: Lane) => firstReason(needsChat, needsDepth(registersPerTurn))(lane),
    measure: measurePipelined,
  },
];

function measureSequential(context: MeasureContext): Promise<Measurement> {
  const firsts: number[] = [];
  const rests: number[][] = [];
  return measureTurns(
    context,
    async (chat, turn) => {
      const eachMs: number[] = [];
      for (let i = 0; i < registersPerTurn; i++) {
        const askedAt = performance.now();
        await register(chat, turn, i);
        eachMs.push(performance.now() - askedAt);
      }
      firsts.push(eachMs[0] ?? 0);
      rests.push(eachMs.slice(1));
    },
    (turns) => {
      const rest = ascending(rests.slice(-turns).flat());
      return {
        first: median(firsts.slice(-turns)) * 1_000,
        'rest-p50': quantile(rest, 0.5) * 1_000,
        'rest-p99': quantile(rest, 0.99) * 1_000,
      };
    },
  );
}

function measurePipelined(context: MeasureContext): Promise<Measurement> {
  return measureTurns(
    context,
    async (chat, turn) => {
      const all = Array.from({ length: registersPerTurn }, (_, i) => register(chat, turn, i));
      await Promise.all(all);
    },
    () => ({}),
  );
}

async function measureTurns(
  context: MeasureContext,
  registerAll: (chat: ChatClient, turn: number) => Promise<void>,
  moreValues: (turns: number) => Record<string, number>,
): Promise<Measurement> {
  let turn = 0;
  let client = await context.connect();
  const timed = await timeTask(context, {
    // Each turn opens its connection anew.
    operationsPerTurn: registersPerTurn + operationsPerSetUp,
    medianOnly: true,
    before: async () => {
      await client.close();
      client = await context.connect();
    },
    turn: () => registerAll(chatOf(client), turn++),
  });
  const { durationsMs } = timed;
  const values = { total: median(durationsMs) * 1_000, ...moreValues(durationsMs.length) };
  return timedMeasurement(timed, values);
}

async function register(chat: ChatClient, turn: number, index: number): Promise<void> {
  const { status } = await chat.register(`u${turn}x${index}`);
  if (status !== Status.registered) throw new Error(`a register was answered ${status}`);
}
