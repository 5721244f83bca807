import { type ChatClient, Status } from '@tandem/core';
import { accountName, crowdQueries } from '../../lanes/chat/accounts.ts';
import { median } from '../../statistics/index.ts';
import { chatOf, firstReason, needsChat, needsServer } from '../applies.ts';
import { timeTask } from '../driving/timed-task.ts';
import { duration } from '../metrics.ts';
import type { MeasureContext, Measurement, MeasureTimes, Metric, Scenario } from '../scenario.ts';

const accounts = 1_000_000;
const searchers = 64;

// Long enough for many delays, because the largest of few says little.
const watchedMsMax = 1_000;

/** Returns the time for which another client is watched, in milliseconds: less where a run is to be short. */
export function watchedMs({ measureMsMax }: Pick<MeasureTimes, 'measureMsMax'>): number {
  return Math.min(watchedMsMax, measureMsMax);
}

// Searches are under way after this time, and the code of the waiting client is warm.
const settlingMs = 150;
const scansMin = 4;
// As many of a name's last letters as no other of a million has.
const infixChars = 5;

const delay = (name: string, title: string): Metric =>
  duration(name, `largest delay of another client’s request, ${title}`);

/** Searches over a million users with the slowest names to match, and the delay of other clients. */
export const searchMillion: Scenario = {
  name: 'search-million',
  family: 'search-million',
  title: 'Search over a million users',
  question:
    'How long does a search over a million users take, and how long do others wait meanwhile?',
  parameters: { accounts, searchers },
  accounts,
  metrics: [
    duration('exact', 'one name'),
    duration('prefix', 'a beginning that 25 names have'),
    duration('infix', 'five letters within a name that one name has'),
    duration('scan', 'a query that looks at every letter of every name'),
    delay('delay-alone', 'while nobody searches'),
    delay('delay-scans', `beside ${searchers} clients that scan all names`),
    delay('delay-short', `beside ${searchers} clients that search 250 names again and again`),
  ],
  notFor: firstReason(needsChat, needsServer),
  measure,
};

async function measure(context: MeasureContext): Promise<Measurement> {
  const chat = chatOf(await context.connect());
  const sought = soughtIn(context);
  const unmeasured: MeasureContext = { ...context, measured: (work) => work() };
  const exact = await timeTask(unmeasured, { turn: () => search(chat, sought, 1) });
  const prefix = await timeTask(unmeasured, {
    turn: () => search(chat, crowdQueries.prefixOf(sought), 25),
  });
  const infix = `*${sought.slice(-infixChars)}*`;
  const infixMs = await scan(chat, infix, 1, context.measureMsMax);
  const scansMs = await context.measured(() =>
    scan(chat, crowdQueries.scan, 0, context.measureMsMax),
  );
  const watch = (query: string) => delayBeside(context, chat, query);
  return {
    values: {
      exact: median(exact.durationsMs) * 1_000,
      prefix: median(prefix.durationsMs) * 1_000,
      infix: median(infixMs) * 1_000,
      scan: median(scansMs) * 1_000,
      'delay-alone': (await largestDelayMs(context, chat, sought)) * 1_000,
      'delay-scans': (await watch(crowdQueries.scan)) * 1_000,
      'delay-short': (await watch(crowdQueries.short)) * 1_000,
    },
    operations:
      exact.durationsMs.length + prefix.durationsMs.length + infixMs.length + scansMs.length,
    steady: exact.steady && prefix.steady,
    warmUpMs: exact.warmUpMs + prefix.warmUpMs,
  };
}

/** The ordinary name in the middle. */
function soughtIn({ accounts }: MeasureContext): string {
  return accountName(accounts / 2);
}

async function search(chat: ChatClient, query: string, expected: number): Promise<void> {
  const outcome = await chat.search(query);
  const found = 'usernames' in outcome ? outcome.usernames.length : 0;
  if (found !== expected) {
    throw new Error(`a search was answered ${outcome.status}, with ${found} names`);
  }
}

/** Measures searches of many names, in milliseconds. Each tries a million, so even the first is warm. */
async function scan(
  chat: ChatClient,
  query: string,
  expected: number,
  timeMs: number,
): Promise<number[]> {
  const tookMs: number[] = [];
  const endAt = performance.now() + timeMs;
  while (performance.now() < endAt || tookMs.length < scansMin) {
    const askedAt = performance.now();
    await search(chat, query, expected);
    tookMs.push(performance.now() - askedAt);
  }
  return tookMs;
}

/**
 * Measures the largest delay of one client while others search. Their results are empty, so this
 * process has little work for them.
 */
async function delayBeside(
  context: MeasureContext,
  chat: ChatClient,
  query: string,
): Promise<number> {
  const others = await Promise.all(Array.from({ length: searchers }, () => context.connect()));
  let over = false;
  const searching = others.map(async (other) => {
    while (!over) await search(chatOf(other), query, 0);
  });
  // A search under way when its client closes may fail; an earlier failure is an error.
  const ended = Promise.all(searching).then(
    () => Number.NaN,
    (error: unknown) => {
      if (over) return Number.NaN;
      throw error;
    },
  );
  const largest = await Promise.race([largestDelayMs(context, chat, soughtIn(context)), ended]);
  over = true;
  await Promise.all(others.map((other) => other.close()));
  return largest;
}

async function largestDelayMs(
  times: MeasureContext,
  chat: ChatClient,
  taken: string,
): Promise<number> {
  await askUntil(chat, taken, performance.now() + settlingMs);
  return askUntil(chat, taken, performance.now() + watchedMs(times));
}

/** Repeats a request whose response does not depend on searches, and returns the longest time. */
async function askUntil(chat: ChatClient, taken: string, endAt: number): Promise<number> {
  let largest = 0;
  for (let at = performance.now(); at < endAt; ) {
    const { status } = await chat.register(taken);
    if (status !== Status.usernameTaken) throw new Error(`a register was answered ${status}`);
    const now = performance.now();
    largest = Math.max(largest, now - at);
    at = now;
  }
  return largest;
}
