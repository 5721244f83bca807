import { contenders } from '../analysis/contenders.ts';
import type { Report } from '../schema/report.ts';
import { ReportIndex } from '../schema/report-index.ts';
import { formatCount } from './format.ts';
import { capitalised } from './sentence.ts';
import { breakdownWords } from './verdict-breakdown.ts';
import { bytesSentences } from './verdict-bytes.ts';
import { type Phrase, phraseSentences, type Sentence } from './verdict-phrase.ts';
import { precisionSentences, unfitSentences } from './verdict-precision.ts';

/** The conclusions of a report, for whoever reads nothing else. */
export interface VerdictWords {
  /** There is always one: it says so when nothing can be said. */
  readonly headline: Sentence | { readonly text: string };
  readonly sentences: readonly Sentence[];
}

const { sockets, unary, converse } = contenders;

const latency: Omit<Phrase, 'lane' | 'baseline'> = {
  topic: 'latency',
  scenario: 'latency-1',
  metric: 'p50',
  short: 'median latency',
  subject: 'an operation',
  details: ['a search, one at a time'],
  verb: 'costs',
  quantity: 'as much',
  everywhere: true,
};

const throughput: typeof latency = {
  topic: 'throughput',
  scenario: 'throughput-64',
  metric: 'throughput',
  short: 'operations a second, one connection',
  subject: 'one connection',
  details: ['64 searches under way'],
  verb: 'carries',
  quantity: 'as many operations a second',
  everywhere: true,
};

/** Says what of unary calls and sockets is compared. */
function compared(topic: Phrase['topic'], scenario: string, metric: string, short: string) {
  return { topic, scenario, metric, short, lane: unary, baseline: sockets };
}

/** Makes a phrase of something that takes as long, or as much. */
function takes(
  of: ReturnType<typeof compared>,
  subject: string,
  quantity: string,
  ...details: string[]
): Phrase {
  return { ...of, subject, details, verb: 'takes', quantity };
}

const setUp = compared('set-up', 'set-up', 'total', 'connection set-up');
const opSuite = compared('tasks', 'op-suite', 'time', 'op suite of 2023');
const registers = compared('tasks', 'registers-100', 'total', '100 registers');
const clientCpu = compared('cpu', 'latency-1', 'client-cpu', 'client CPU');
const serverCpu = compared('cpu', 'latency-1', 'server-cpu', 'server CPU');

/** The phrases in their order; each is left out where there is nothing to say. */
const phrases: readonly Phrase[] = [
  { ...latency, lane: unary, baseline: sockets },
  { ...latency, lane: converse, baseline: sockets },
  { ...throughput, lane: unary, baseline: sockets },
  { ...throughput, lane: converse, baseline: sockets },
  { ...throughput, lane: converse, baseline: unary },
  takes(setUp, 'setting up a connection', 'as long', 'until its first response'),
  takes(opSuite, 'the op suite of the 2023 program', 'as long'),
  takes(registers, 'registering 100 users', 'as long', 'one after another'),
  takes(clientCpu, 'an operation', 'as much of the client’s CPU time', 'one at a time'),
  takes(serverCpu, 'an operation', 'as much of the server’s CPU time', 'one at a time'),
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
    const memory = compared('memory', name, 'used-bytes', 'idle memory');
    const details = connections === 1 ? [] : [`one of ${formatCount(connections)}`];
    const phrase = takes(
      memory,
      'an idle connection',
      'as much of the server’s memory',
      ...details,
    );
    const sentences = phraseSentences(index, phrase);
    if (sentences.length > 0) return sentences;
  }
  return [];
}
