import { contenders } from '../analysis/contenders.ts';
import type { Report } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { formatCount } from './format.ts';
import { capitalised } from './sentence.ts';
import { unfitSentences } from './unfit-words.ts';
import { breakdownWords } from './verdict-breakdown.ts';
import { bytesSentences } from './verdict-bytes.ts';
import { type Phrase, phraseSentences, type Sentence } from './verdict-phrase.ts';
import { precisionSentences } from './verdict-precision.ts';

/** What a report says, for whoever reads nothing else. */
export interface VerdictWords {
  /** There is always one: it says so when nothing can be said. */
  readonly headline: Sentence | { readonly text: string };
  readonly sentences: readonly Sentence[];
}

const { sockets, unary, converse } = contenders;
const latency: Omit<Phrase, 'lane' | 'baseline'> = {
  ...{ topic: 'latency', short: 'median latency', scenario: 'latency-1', metric: 'p50' },
  ...{ subject: 'an operation', details: ['a search, one at a time'], verb: 'costs' },
  ...{ quantity: 'as much', everywhere: true },
};
const throughput: Omit<Phrase, 'lane' | 'baseline'> = {
  ...{
    topic: 'throughput',
    short: 'operations a second, one connection',
    scenario: 'throughput-64',
    metric: 'throughput',
  },
  ...{ subject: 'one connection', details: ['64 searches under way'], verb: 'carries' },
  ...{ quantity: 'as many operations a second', everywhere: true },
};
const cpu: Omit<Phrase, 'metric' | 'quantity' | 'short'> = {
  ...{ topic: 'cpu', scenario: 'latency-1', lane: unary, baseline: sockets },
  ...{ subject: 'an operation', details: ['one at a time'], verb: 'takes' },
};

/** What is said, in this order, wherever there is something to say it of. */
const phrases: readonly Phrase[] = [
  { ...latency, lane: unary, baseline: sockets },
  { ...latency, lane: converse, baseline: sockets },
  { ...throughput, lane: unary, baseline: sockets },
  { ...throughput, lane: converse, baseline: sockets },
  { ...throughput, lane: converse, baseline: unary },
  {
    topic: 'set-up',
    short: 'connection set-up',
    ...{ scenario: 'set-up', metric: 'total', lane: unary, baseline: sockets },
    ...{ subject: 'setting up a connection', details: ['until its first answer'] },
    ...{ verb: 'takes', quantity: 'as long' },
  },
  {
    topic: 'tasks',
    short: 'op suite of 2023',
    ...{ scenario: 'op-suite', metric: 'time', lane: unary, baseline: sockets },
    ...{ subject: 'the op suite of the 2023 program', details: [] },
    ...{ verb: 'takes', quantity: 'as long' },
  },
  {
    topic: 'tasks',
    short: '100 registers',
    ...{ scenario: 'registers-100', metric: 'total', lane: unary, baseline: sockets },
    ...{ subject: 'registering 100 users', details: ['one after another'] },
    ...{ verb: 'takes', quantity: 'as long' },
  },
  {
    ...cpu,
    metric: 'client-cpu',
    short: 'client CPU',
    quantity: 'as much of the client’s CPU time',
  },
  {
    ...cpu,
    metric: 'server-cpu',
    short: 'server CPU',
    quantity: 'as much of the server’s CPU time',
  },
];

const nothing =
  'This report has no valid measurement of the same thing over both sockets and gRPC, so it cannot say which of them costs more.';

/**
 * The verdict in words, from the data alone. A sentence is there only when both of its sides were
 * measured and are valid; where the interval holds 1, or the rig's noise could explain the
 * difference, it says that none was detectable.
 */
export function verdictWords(report: Report): VerdictWords {
  const index = new ReportIndex(report);
  const [first, ...rest] = [
    ...phrases.flatMap((phrase) => phraseSentences(index, phrase)),
    ...memorySentences(index),
    ...bytesSentences(report),
    ...precisionSentences(report),
    ...unfitSentences(report),
  ];
  if (first === undefined) return { headline: { text: nothing }, sentences: [] };
  // Where no difference shows there is nothing to divide.
  const breakdown = first.figure === undefined ? [] : breakdownWords(report, first.source);
  const text = [`On this machine ${first.text}`, ...breakdown].join(' ');
  return {
    headline: { ...first, text },
    sentences: rest.map((one) => ({ ...one, text: capitalised(one.text) })),
  };
}

/** Of an idle connection, at the largest number of them that both sides bore. */
function memorySentences(index: ReportIndex): Sentence[] {
  const counts = index.report.scenarios
    .filter(({ family }) => family === 'idle')
    .map(({ name, parameters }) => ({ name, connections: Number(parameters.connections) }))
    .sort((a, b) => b.connections - a.connections);
  for (const { name, connections } of counts) {
    const sentences = phraseSentences(index, {
      topic: 'memory',
      short: 'idle memory',
      ...{ scenario: name, metric: 'used-bytes', lane: unary, baseline: sockets },
      subject: 'an idle connection',
      details: connections === 1 ? [] : [`one of ${formatCount(connections)}`],
      ...{ verb: 'takes', quantity: 'as much of the server’s memory' },
    });
    if (sentences.length > 0) return sentences;
  }
  return [];
}
